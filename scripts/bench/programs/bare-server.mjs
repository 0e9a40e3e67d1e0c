/** What everything is compared with: `node:http`, 20 bytes of JSON to GET, and to POST after parsing what came. */
import { createServer } from 'node:http'

const body = '{"hello":"world!!!"}'
const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length }

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, headers).end(body)
    return
  }
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    JSON.parse(chunks.length === 1 ? chunks[0].toString() : Buffer.concat(chunks).toString())
    response.writeHead(200, headers).end(body)
  })
})

server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`
  process.stdout.write(`${JSON.stringify({ message: 'listening', url })}\n`)
})
