/**
 * Whether the server in this container lives: `node healthcheck.mjs auth`, or `business`. It asks on the loopback, where
 * the name in the certificate need not fit; and as it tells no secret, it need not know who answers.
 */
import { get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'

const defaultPorts = { auth: 4000, business: 4001 }
const name = process.argv[2] ?? ''
const port = process.env[`${name.toUpperCase()}_PORT`] ?? defaultPorts[name]
const isSecure = process.env.TLS_CERT_FILE !== undefined

const get = isSecure ? getSecure : getPlain
const request = get({
  host: '127.0.0.1',
  port,
  path: '/healthz',
  rejectUnauthorized: false,
  timeout: 2_000,
})
request.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
request.on('timeout', () => process.exit(1))
request.on('error', () => process.exit(1))
