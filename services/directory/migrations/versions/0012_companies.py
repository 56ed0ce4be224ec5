"""A company is looked for by its name without its form: 安居物业有限公司 and 安居物业公司 are likely one."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    # As key_of in domain/unit_names.py makes them since.
    op.execute("""
update organisation set search_keys = array(
         select distinct regexp_replace(key, '(股份有限|有限责任|有限)公司', '公司', 'g')
           from unnest(search_keys) key order by 1)
 where exists (select from unnest(search_keys) key where key like '%有限公司%' or key like '%有限责任公司%')
""")
