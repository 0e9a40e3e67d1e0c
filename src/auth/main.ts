/** The auth server as a process. */
import { availableParallelism } from 'node:os'
import { createReadiness } from '../http/health.ts'
import { serve } from '../http/server.ts'
import { createPasswords } from '../passwords/passwords.ts'
import { deriveByScrypt, recommendedParameters } from '../passwords/phc.ts'
import { createQueue } from '../passwords/queue.ts'
import { type ProcessContext, run, type Started } from '../run.ts'
import { StartError } from '../start-error.ts'
import { openTokenStore, openUserStore } from '../storage/open.ts'
import { corePurposes } from '../tokens/purposes.ts'
import { validateScope } from '../validation.ts'
import { capabilities } from './capabilities.ts'
import { extensionsOf, migrationsOf } from './capability.ts'
import { startCleanup } from './cleanup.ts'
import { configuredClients } from './clients.ts'
import { assembleCore } from './core.ts'
import { createDemoUser, hasDemoUser } from './demo.ts'
import { authRoutes } from './routes.ts'

/** How many logins may wait, for each hash that runs at once: the last of them waits about ten seconds. */
const waitingPerHash = 64

const migrations = migrationsOf(capabilities)
const extensions = extensionsOf(capabilities)

async function start({ config, log, clock, release }: ProcessContext): Promise<Started> {
  const { tokens, sweeper, backing } = await openTokenStore({
    url: config.stores.tokens,
    clock,
    log,
    migrations,
    maxTokens: config.maxTokens,
    waitReplicas: config.redisWaitReplicas,
  })
  release(() => tokens.close())
  const accountStore = { url: config.stores.accounts, clock, log, migrations }
  const { users, backing: accountBacking } = await openUserStore(accountStore)
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

  const { core, additions } = assembleCore({
    environment: config.environment,
    tokens,
    tokenBacking: backing,
    users,
    accountBacking,
    clients: configuredClients([{ ...config.client, scopes: [validateScope] }]),
    passwords,
    purposes: corePurposes(config.lifetimes),
    requiresCertificate: config.tls?.clientCa !== undefined,
    log,
    clock,
    release,
  })
  for (const one of capabilities) additions.push(await one.register(core, config))

  const stores = { token_store: () => tokens.ping(), account_store: () => users.ping() }
  const readiness = createReadiness({
    probes: Object.assign(stores, ...additions.map(({ probes }) => probes)),
    log,
    clock,
    deadlineMilliseconds: 1_000,
  })
  const routes = authRoutes({ ...core, readiness, additions })
  const { tls, trustedProxyHops } = config
  const server = await serve({ ...config.auth, tls, trustedProxyHops }, { routes, log, clock })
  if (sweeper !== undefined) {
    release(startCleanup({ sweeper, clock, log, intervalSeconds: config.cleanupIntervalSeconds }))
  }
  return { server, readiness }
}

await run('auth', process.env, start, extensions)
