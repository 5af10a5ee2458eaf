-- What wrk asks for: the lines of a file, one after the other, again and again. A line is a path
-- and, after a tab, the ETag of the page that a reader has kept. At the end one line of JSON.
local asked, at = {}, 0

function init(words)
  for line in io.lines(words[1]) do
    local path, tag = line:match("^([^\t]*)\t?(.*)$")
    local headers = {["Accept-Encoding"] = "gzip", ["Host"] = wrk.host .. ":" .. wrk.port}
    if tag ~= "" then headers["If-None-Match"] = tag end
    asked[#asked + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  at = at % #asked + 1
  return asked[at]
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format('\n{"answers": %d, "seconds": %.3f, "p50": %.3f, "p95": %.3f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, failed))
end
