/** The auth server as a process. */
import { createReadiness } from '../http/health.ts'
import { serve } from '../http/server.ts'
import { type ProcessContext, run, type Started } from '../run.ts'
import { StartError } from '../start-error.ts'
import { readVersion } from '../version.ts'
import { capabilities } from './capabilities.ts'
import { extensionsOf } from './capability.ts'
import { startCleanup } from './cleanup.ts'
import { createDemoUser, hasDemoUser } from './demo.ts'
import { openCore, registerCapabilities } from './main-parts.ts'
import { authRoutes } from './routes.ts'

async function start(context: ProcessContext): Promise<Started> {
  const { config, log, clock, release } = context
  const opened = await openCore(context)
  const { core, additions, sweeper } = opened
  const { tokens, users } = core
  if (config.environment === 'demo') await createDemoUser(core)
  else if (await hasDemoUser(core)) {
    throw new StartError('the account store has the demo user, whose password everybody knows.')
  }
  await registerCapabilities(opened, config)

  const stores = { token_store: () => tokens.ping(), account_store: () => users.ping() }
  const readiness = createReadiness({
    probes: Object.assign(stores, ...additions.map(({ probes }) => probes)),
    log,
    clock,
    deadlineMilliseconds: 1_000,
  })
  const routes = authRoutes({ ...core, readiness, additions, version: readVersion() })
  const { tls, trustedProxyHops, corsOrigins } = config
  const listen = { ...config.auth, tls, trustedProxyHops, corsOrigins }
  const server = await serve(listen, { routes, log, clock })
  if (sweeper !== undefined) {
    release(startCleanup({ sweeper, clock, log, intervalSeconds: config.cleanupIntervalSeconds }))
  }
  for (const startJob of additions.flatMap(({ jobs = [] }) => jobs)) release(startJob())
  return { server, readiness }
}

await run('auth', process.env, start, extensionsOf(capabilities))
