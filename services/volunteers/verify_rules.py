"""What `verify` asks of a tenant's rows as a whole, rule by rule, and what it says of the first wrong row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """`statement` gives the first row that breaks the rule ($1 is the tenant); `code` names the sentence."""

    code: str
    statement: str


RULES = (
    Rule(
        "account_form",
        """select id, kind, version, balance, spendable from account
            where tenant_id = $1
              and case when kind in ('issued', 'redeemed', 'expired', 'corrections')
                       then balance is not null or spendable is not null or version <> 0
                       else balance is null or spendable is null end
            order by id limit 1""",
    ),
    Rule(
        "entry_alone",
        """select e.transfer_id, e.account_id, e.amount from entry e
             left join transfer t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
            where e.tenant_id = $1 and (t.id is null or e.account_id not in (t.debit_id, t.credit_id))
            order by e.transfer_id limit 1""",
    ),
    Rule(
        "entry_account",
        """select e.transfer_id, e.account_id from entry e
             left join account a on a.tenant_id = e.tenant_id and a.id = e.account_id
            where e.tenant_id = $1 and (a.id is null or (a.balance is null) <> (e.account_version is null))
            order by e.account_id, e.transfer_id limit 1""",
    ),
    Rule(
        "entry_version",
        """select * from (
             select account_id, transfer_id, account_version, balance_after, row_number() over w as expected_version,
                    sum(amount) over w as expected_balance
               from entry where tenant_id = $1 and account_version is not null
             window w as (partition by account_id order by account_version)) e
            where account_version <> expected_version or balance_after is distinct from expected_balance
               or balance_after < 0
            order by account_id, expected_version limit 1""",
    ),
    Rule(
        "entry_balance",
        """select transfer_id, account_id, balance_after from entry
            where tenant_id = $1 and account_version is null and balance_after is not null
            order by transfer_id limit 1""",
    ),
    Rule(
        "account_cache",
        """select a.id, a.balance, a.version, coalesce(e.total, 0) as total, coalesce(e.entries, 0) as entries
             from account a
             left join (select account_id, sum(amount) as total, count(*) as entries from entry
                         where tenant_id = $1 group by account_id) e on e.account_id = a.id
            where a.tenant_id = $1 and a.balance is not null
              and (a.balance <> coalesce(e.total, 0) or a.version <> coalesce(e.entries, 0) or a.balance < 0)
            order by a.id limit 1""",
    ),
    Rule(
        "lot_alone",
        """select l.id from lot l left join transfer t on t.tenant_id = l.tenant_id and t.id = l.id
            where l.tenant_id = $1 and (t.id is null or l.account_id <> t.credit_id) order by l.id limit 1""",
    ),
    Rule(
        "lot_remaining",
        """select id, amount, remaining from lot
            where tenant_id = $1 and not remaining between 0 and amount order by id limit 1""",
    ),
    Rule(
        "correction",
        """select t.id, t.reverses from transfer t
             left join transfer r on r.tenant_id = t.tenant_id and r.id = t.reverses
            where t.tenant_id = $1 and (t.kind = 'correction' or t.reverses is not null)
              and (r.id is null or r.kind = 'correction' or r.amount <> t.amount or r.actor_id = t.actor_id
                   or t.debit_id <> r.credit_id and t.credit_id <> r.debit_id)
            order by t.id limit 1""",
    ),
    Rule(
        "pending_alone",
        """select p.transfer_id from pending p
             left join transfer t on t.tenant_id = p.tenant_id and t.id = p.transfer_id
             left join chain s on s.tenant_id = p.tenant_id and s.transfer_id = p.transfer_id
            where p.tenant_id = $1 and (t.id is null or s.seq is not null) order by p.transfer_id limit 1""",
    ),
    Rule("total", "select sum(amount) as total from entry where tenant_id = $1 having sum(amount) <> 0"),
)

#: Asked last, when the lots themselves are known to be right.
LOT_SUM = Rule(
    "lot_sum",
    """select a.id, a.balance, a.spendable, coalesce(l.remaining, 0) as remaining,
              coalesce(l.spendable, 0) as spendable_lots
         from account a
         left join (select account_id, sum(remaining) as remaining,
                           sum(remaining) filter (where spendable) as spendable
                      from lot where tenant_id = $1 group by account_id) l on l.account_id = a.id
        where a.tenant_id = $1 and a.balance is not null
          and (a.balance <> coalesce(l.remaining, 0) or a.spendable <> coalesce(l.spendable, 0))
        order by a.id limit 1""",
)

#: What is said of each fault, in Chinese and in English.
SENTENCES = {
    "account_id": (
        "账户 {id} 的编号与它的内容（{scheme}、{kind}、{owner_id}）不符。",
        "Account {id} does not belong to what it says ({scheme}, {kind}, {owner_id}).",
    ),
    "seq": (
        "社区 {tenant_id} 的封存链缺少第 {expected} 号，接着是第 {seq} 号。",
        "The chain of tenant {tenant_id} lacks seal {expected}; seal {seq} comes next.",
    ),
    "previous": (
        "社区 {tenant_id} 的第 {seq} 号封存没有接在前一号之后。",
        "Seal {seq} of tenant {tenant_id} does not follow the one before it.",
    ),
    "seal_without_transfer": (
        "社区 {tenant_id} 的第 {seq} 号封存所指的转移 {transfer_id} 不存在。",
        "Seal {seq} of tenant {tenant_id} stands for transfer {transfer_id}, which does not exist.",
    ),
    "hash": (
        "社区 {tenant_id} 的第 {seq} 号封存与转移 {transfer_id} 现在的内容不符。",
        "Seal {seq} of tenant {tenant_id} does not fit what transfer {transfer_id} now says.",
    ),
    "neither_sealed_nor_waiting": (
        "转移 {id} 既没有封存，也不在等待封存。",
        "Transfer {id} is neither sealed nor waiting to be sealed.",
    ),
    "unsealed": (
        "转移 {id} 自 {since} 起等待封存，超过了 60 秒。",
        "Transfer {id} has been waiting to be sealed since {since}, longer than 60 s.",
    ),
    "entries": (
        "转移 {id} 应有一借一贷两条 {amount} 分的分录，实际不符。",
        "Transfer {id} should have one debit and one credit entry of {amount} points, and has not.",
    ),
    "entry_at": (
        "转移 {id} 的分录时间与转移时间不符。",
        "The entries of transfer {id} have another time than the transfer.",
    ),
    "account_missing": (
        "转移 {id} 的收方账户 {credit_id} 不存在。",
        "Transfer {id} credits account {credit_id}, which does not exist.",
    ),
    "lot_missing": (
        "转移 {id} 应有的积分批次不存在，或有了不应有的批次。",
        "Transfer {id} lacks its lot of points, or has one that it should not have.",
    ),
    "lot": (
        "转移 {id} 的积分批次的账户或分值与转移不符。",
        "The lot of transfer {id} has another account or amount than the transfer.",
    ),
    "fingerprint": (
        "转移 {id} 或它的积分批次的内容与过账时的指纹不符。",
        "Transfer {id} or its lot is not what was posted: the fingerprint does not fit.",
    ),
    "entry_alone": (
        "账户 {account_id} 上 {amount} 分的分录不属于转移 {transfer_id}。",
        "The entry of {amount} on account {account_id} does not belong to transfer {transfer_id}.",
    ),
    "entry_account": (
        "转移 {transfer_id} 的分录所在的账户 {account_id} 不存在，或种类不符。",
        "The entry of transfer {transfer_id} is on account {account_id}, which does not exist or is of another kind.",
    ),
    "entry_version": (
        "账户 {account_id} 上转移 {transfer_id} 的分录是第 {account_version} 版、余额 {balance_after}，"
        "应为第 {expected_version} 版、余额 {expected_balance}。",
        "On account {account_id} the entry of transfer {transfer_id} has version {account_version} and balance"
        " {balance_after} instead of {expected_version} and {expected_balance}.",
    ),
    "entry_balance": (
        "系统账户 {account_id} 上转移 {transfer_id} 的分录有余额 {balance_after}，本不应有。",
        "The entry of transfer {transfer_id} on system account {account_id} has balance {balance_after}; it has none.",
    ),
    "account_form": (
        "账户 {id}（{kind}）的第 {version} 版、余额 {balance}、可用 {spendable} 与它的种类不符。",
        "Account {id} has version {version}, balance {balance}, spendable {spendable}, which no {kind} account has.",
    ),
    "account_cache": (
        "账户 {id} 的余额为 {balance}（第 {version} 版），按分录应为 {total}（第 {entries} 版）。",
        "Account {id} shows balance {balance} (version {version}); its entries say {total} (version {entries}).",
    ),
    "lot_alone": (
        "积分批次 {id} 没有相应的转移，或账户不符。",
        "Lot {id} has no transfer, or the account of another.",
    ),
    "lot_remaining": (
        "积分批次 {id} 剩余 {remaining} 分，而它只有 {amount} 分。",
        "Lot {id} has {remaining} points left of {amount}.",
    ),
    "overdrawn": (
        "账户 {account_id} 的积分批次不足以支付转移 {transfer_id}。",
        "Transfer {transfer_id} takes more from account {account_id} than its lots could give.",
    ),
    "lot_left": (
        "积分批次 {id}（账户 {account_id}）剩余 {remaining} 分，按全部转移应剩 {expected} 分。",
        "Lot {id} of account {account_id} has {remaining} points left; all transfers together leave {expected}.",
    ),
    "lot_sum": (
        "账户 {id} 余额 {balance}、可用 {spendable}，按积分批次应为 {remaining}、{spendable_lots}。",
        "Account {id} has balance {balance} and {spendable} to spend; its lots say {remaining} and {spendable_lots}.",
    ),
    "correction": (
        "冲正 {id} 与它所冲正的转移 {reverses} 不相对应，或由同一人作出。",
        "Correction {id} does not mirror transfer {reverses}, or the same person decided both.",
    ),
    "pending_alone": (
        "等待封存的转移 {transfer_id} 不存在或已经封存。",
        "Transfer {transfer_id} waits to be sealed, but does not exist or is sealed already.",
    ),
    "head": (
        "公布过的链头 {hash} 不在任何一条封存链中：它之前的封存被改写或删除了。",
        "The head {hash} that was published is in no chain: what came before it was rewritten or taken away.",
    ),
    "total": (
        "社区 {tenant_id} 的全部分录合计为 {total}，应为 0。",
        "All entries of tenant {tenant_id} sum to {total} instead of 0.",
    ),
}
