-- Plays prepared requests, in random order. Arguments: the method, the path, and a file with one body a line.
-- Where a body holds the byte 1, each request puts its own number of twelve digits there, so that no id comes twice.

local requests, pieces, number = {}, {}, 0

function init(args)
  local method, path, file = args[1], args[2], args[3]
  math.randomseed(tonumber(args[4] or "1"))
  wrk.headers["Content-Type"] = "application/json"
  if not file then
    requests[1] = wrk.format(method, path)
    return
  end

  for line in io.lines(file) do
    if line:find("\1", 1, true) then
      local parts = {}
      for part in (line .. "\1"):gmatch("(.-)\1") do
        parts[#parts + 1] = part
      end
      pieces[#pieces + 1] = parts
    else
      requests[#requests + 1] = wrk.format(method, path, wrk.headers, line)
    end
  end

  wrk.method, wrk.path = method, path
end

function request()
  if #requests > 0 then
    return requests[math.random(#requests)]
  end

  number = number + 1
  local body = table.concat(pieces[math.random(#pieces)], string.format("%012d", number))
  return wrk.format(nil, nil, nil, body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("result %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
