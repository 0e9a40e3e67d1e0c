/** The business server as a process. */
import { createReadiness } from '../http/health.ts'
import { serve } from '../http/server.ts'
import { type ProcessContext, run, type Started } from '../run.ts'
import { validateScope } from '../validation.ts'
import { createAskAuth } from './ask-auth.ts'
import { createAuthAddresses } from './auth-addresses.ts'
import { capabilities } from './capabilities.ts'
import { businessRoutes } from './routes.ts'
import { createServiceToken } from './service-token.ts'
import { createValidator } from './validator.ts'

const deadlineMilliseconds = 1_000
const maxAnswerBytes = 4 * 1024 * 1024
const maxWaiting = 8_192

async function start({ config, log, clock, release }: ProcessContext): Promise<Started> {
  const addresses = createAuthAddresses({
    urls: config.authUrls,
    trust: { ca: config.authCa, certificate: config.businessCertificate },
    clock,
    log,
    deadlineMilliseconds,
    maxAnswerBytes,
  })
  release(() => addresses.stop())
  const connect = () => {
    const connection = addresses.connect()
    release(() => connection.close())
    return connection
  }
  const connection = connect()
  const serviceToken = createServiceToken({
    connection: connect(),
    client: config.client,
    scope: validateScope,
    now: clock.now,
  })
  const askAuth = createAskAuth({ connection, serviceToken })
  let validate = createValidator({ askAuth, maxWaiting })
  for (const one of capabilities) {
    const { validateBy } = await one.register({ connect, clock, log }, config)
    if (validateBy !== undefined) validate = validateBy(validate)
  }

  // To ask about no token at all shows that auth can be reached and that our credential works.
  const probes = { auth: () => askAuth([]) }
  const readiness = createReadiness({
    probes,
    log,
    clock,
    deadlineMilliseconds: 2 * deadlineMilliseconds,
  })
  const routes = businessRoutes({ validate, readiness })
  const server = await serve({ ...config.business, tls: config.tls }, { routes, log, clock })
  return { server, readiness }
}

const extensions = capabilities.map(({ extension }) => extension)
await run('business', process.env, start, extensions)
