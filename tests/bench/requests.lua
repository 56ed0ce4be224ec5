-- Requests for wrk. First argument: a file with a line each for method, token and body, then one path a line.
-- Second argument: a word of this run's own, so that bodies and keys are unique. "@@" in the body becomes a number.
-- Third: how many milliseconds a connection rests between an answer and its next request, on average.

local method, body, paths, headers, seed
local count = 0

function init(args)
  paths = {}
  seed = args[2]
  for line in io.lines(args[1]) do
    if not method then
      method = line
    elseif not headers then
      headers = { ["Authorization"] = "Bearer " .. line }
    elseif not body then
      body = line
    else
      paths[#paths + 1] = line
    end
  end
  if method == "POST" then
    headers["Content-Type"] = "application/json"
  end
  local pause = tonumber(args[3])
  if pause > 0 then -- wrk asks for every rest once this function is there
    delay = function() return math.random() * 2 * pause end
  end
end

function request()
  count = count + 1
  local path = paths[count % #paths + 1]
  if method == "GET" then
    return wrk.format(method, path, headers)
  end
  headers["Idempotency-Key"] = seed .. "-" .. count
  return wrk.format(method, path, headers, (body:gsub("@@", seed .. " " .. count)))
end

function done(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format('\nlinli {"requests": %d, "seconds": %f, "p99": %f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout))
end
