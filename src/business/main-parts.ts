/** What each entry point of business opens: the way to auth, the stores, the core and its capabilities. */
import type { Job } from '../periodic-job.ts'
import type { ProcessContext } from '../run.ts'
import { migrationsOf } from '../storage/migration-folder.ts'
import { openContent, openEventBacking } from '../storage/open-content.ts'
import { validateScope } from '../validation.ts'
import { type AskAuth, createAskAuth } from './ask-auth.ts'
import { createAuthAddresses } from './auth-addresses.ts'
import { capabilities } from './capabilities.ts'
import type { BusinessCore } from './capability.ts'
import { type AssembledBusiness, assembleBusiness } from './core.ts'
import { createServiceToken } from './service-token.ts'
import { createValidator } from './validator.ts'

/** Of a call of auth. */
export const deadlineMilliseconds = 1_000
const maxAnswerBytes = 4 * 1024 * 1024
const maxWaiting = 8_192

export interface OpenedBusiness extends AssembledBusiness {
  readonly askAuth: AskAuth
}

/** With its capabilities. Nothing connects to auth before it is asked. */
export async function openBusiness(context: ProcessContext): Promise<OpenedBusiness> {
  const { config, log, clock, release } = context
  const addresses = createAuthAddresses({
    urls: config.authUrls,
    trust: { ca: config.authCa, certificate: config.businessCertificate },
    clock,
    log,
    deadlineMilliseconds,
    maxAnswerBytes,
  })
  release(() => addresses.stop())
  const connect: BusinessCore['connect'] = (options) => {
    const connection = addresses.connect(options)
    release(() => connection.close())
    return connection
  }
  const { client } = config
  const serviceToken = (scope: string) =>
    createServiceToken({ connection: connect(), client, scope, now: clock.now })
  const connection = connect()
  const askAuth = createAskAuth({ connection, serviceToken: serviceToken(validateScope) })

  const migrations = migrationsOf(capabilities)
  const content = await openContent({ url: config.stores.content, clock, log, migrations })
  release(() => content.close())
  const events = await openEventBacking({ url: config.stores.events, clock, log })
  release(() => events.close())
  const assembled = assembleBusiness({
    environment: config.environment,
    validate: createValidator({ askAuth, maxWaiting }),
    connect,
    serviceToken,
    content: content.backing,
    eventBacking: events.backing,
    clock,
    log,
  })
  const { core, additions } = assembled
  for (const one of capabilities) additions.push(await one.register(core, config))
  return { ...assembled, askAuth }
}

/** Each ends before what it works on is released. */
export function startJobs(
  jobs: readonly Job[],
  { release }: Pick<ProcessContext, 'release'>,
): void {
  for (const job of jobs) release(job())
}
