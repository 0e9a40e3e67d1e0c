-- Sends the requests in the file that it is given, one after the other and again from the first, and reports as JSON.
local requests, turn = {}, 0

function init(args)
  for one in io.open(args[1], "rb"):read("*a"):gmatch("[^\30]+") do
    requests[#requests + 1] = one
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('\nresult {"requests":%d,"seconds":%.6f,"failed":%d,"p50":%.3f,"p99":%.3f}\n',
    summary.requests, summary.duration / 1e6, failed,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
