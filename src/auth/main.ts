/** The auth server as a process. */
import { availableParallelism } from 'node:os'
import { createReadiness } from '../http/health.ts'
import { serve } from '../http/server.ts'
import { createPasswords } from '../passwords/passwords.ts'
import { deriveByScrypt, recommendedParameters } from '../passwords/phc.ts'
import { createQueue } from '../passwords/queue.ts'
import { run } from '../run.ts'
import { StartError } from '../start-error.ts'
import { openTokenStore, openUserStore } from '../storage/open.ts'
import { corePurposes } from '../tokens/purposes.ts'
import { validateScope } from '../validation.ts'
import { startCleanup } from './cleanup.ts'
import { configuredClients } from './clients.ts'
import { createDemoUser, hasDemoUser } from './demo.ts'
import { authRoutes } from './routes.ts'

/** How many logins may wait, for each hash that runs at once: the last of them waits about ten seconds. */
const waitingPerHash = 64

await run('auth', process.env, async ({ config, log, clock, release }) => {
  const { tokens, sweeper } = await openTokenStore({
    url: config.stores.tokens,
    clock,
    log,
    maxTokens: config.maxTokens,
    waitReplicas: config.redisWaitReplicas,
  })
  release(() => tokens.close())
  const users = await openUserStore({ url: config.stores.accounts, clock, log })
  release(() => users.close())

  // One core stays free of hashing, so that validations go on however many log in. More at once than Node has threads
  // for would wait behind one another where nobody counts them.
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4) // Node's own default
  const concurrency = Math.max(1, Math.min(availableParallelism() - 1, threads))
  const queue = createQueue({ concurrency, maxWaiting: waitingPerHash * concurrency })
  const passwords = createPasswords({
    parameters: recommendedParameters,
    queue,
    deriveKey: deriveByScrypt,
  })
  if (config.environment === 'demo') await createDemoUser(users)
  else if (await hasDemoUser({ users, passwords })) {
    throw new StartError('the account store has the demo user, whose password everybody knows.')
  }

  const readiness = createReadiness({
    probes: { token_store: () => tokens.ping(), account_store: () => users.ping() },
    log,
    clock,
    deadlineMilliseconds: 1_000,
  })
  const clients = configuredClients([{ ...config.client, scopes: [validateScope] }])
  const purposes = corePurposes(config.lifetimes)
  const requiresCertificate = config.tls?.clientCa !== undefined
  const routes = authRoutes({
    tokens,
    users,
    clients,
    passwords,
    purposes,
    requiresCertificate,
    readiness,
    log,
  })
  const server = await serve({ ...config.auth, tls: config.tls }, { routes, log, clock })
  if (sweeper !== undefined) {
    release(startCleanup({ sweeper, clock, log, intervalSeconds: config.cleanupIntervalSeconds }))
  }
  return { server, readiness }
})
