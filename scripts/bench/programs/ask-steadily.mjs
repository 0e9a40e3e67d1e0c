/**
 * Asks for `/data` at a steady rate, whether or not the answers come: each latency counts from the instant at which the
 * request was due. A warm-up is not counted, or this program's own cold start would be its p99. Prints the percentiles
 * in milliseconds.
 *
 * Timers of Node are too coarse for that (1 ms), and waiting busily would take the core from the servers beside. So
 * this takes naps of 50 µs between two looks at its sockets. Bytes are written and read by hand, to be cheap.
 */
import { connect } from 'node:net'

const { url, tokens, connections, perSecond, warmUpSeconds, seconds } = JSON.parse(process.argv[2])
const { hostname, port } = new URL(url)
const requests = tokens.map((token) =>
  Buffer.from(`GET /data HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`),
)
const napMilliseconds = 0.05
const graceMilliseconds = 5_000

const warmUp = Math.round(perSecond * warmUpSeconds)
const total = warmUp + Math.round(perSecond * seconds)
const latencies = []
const idle = []
let answered = 0
let failed = 0
let sent = 0
let startedAt = 0

const dueAt = (index) => startedAt + (index * 1000) / perSecond

function open() {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => resolve(socket)).setNoDelay()
    const connection = { socket, askedFor: -1, received: '' }
    socket.on('data', (chunk) => receive(connection, chunk))
    socket.on('error', fail)
    socket.on('close', () => fail(new Error('the server closed a connection')))
    idle.push(connection)
  })
}

function receive(connection, chunk) {
  connection.received += chunk.toString('latin1')
  const { received } = connection
  const head = received.indexOf('\r\n\r\n')
  const [, length] = /content-length: (\d+)/i.exec(received) ?? []
  if (head === -1 || received.length < head + 4 + Number(length)) return
  answered++
  if (!received.startsWith('HTTP/1.1 200 ')) failed++
  else if (connection.askedFor >= warmUp)
    latencies.push(performance.now() - dueAt(connection.askedFor))
  connection.received = ''
  idle.push(connection)
}

function turn() {
  const now = performance.now()
  while (sent < total && dueAt(sent) <= now && idle.length > 0) {
    const connection = idle.pop()
    connection.askedFor = sent
    connection.socket.write(requests[sent % requests.length])
    sent++
  }
  if (answered === total || now > dueAt(total) + graceMilliseconds) finish()
  Atomics.wait(nap, 0, 0, napMilliseconds)
  setImmediate(turn)
}

function finish() {
  latencies.sort((one, other) => one - other)
  const at = (share) => latencies[Math.ceil(latencies.length * share) - 1]
  const result = { p50: at(0.5), p99: at(0.99), max: at(1), failed: failed + total - answered }
  process.stdout.write(JSON.stringify(result), () => process.exit())
}

function fail(error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}

const nap = new Int32Array(new SharedArrayBuffer(4))
await Promise.all(Array.from({ length: connections }, open))
startedAt = performance.now()
turn()
