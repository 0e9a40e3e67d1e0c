/** The business server as a process. */
import { createReadiness } from '../http/health.ts'
import { serve } from '../http/server.ts'
import { type ProcessContext, run, type Started } from '../run.ts'
import { readVersion } from '../version.ts'
import { capabilities } from './capabilities.ts'
import { deadlineMilliseconds, openBusiness, startJobs } from './main-parts.ts'
import { businessRoutes } from './routes.ts'

async function start(context: ProcessContext): Promise<Started> {
  const { config, log, clock } = context
  const { additions, validate, askAuth } = await openBusiness(context)

  // To ask about no token at all shows that auth can be reached and that our credential works.
  const probes = Object.assign({ auth: () => askAuth([]) }, ...additions.map((one) => one.probes))
  const readiness = createReadiness({
    probes,
    log,
    clock,
    deadlineMilliseconds: 2 * deadlineMilliseconds,
  })
  const routes = businessRoutes({
    validate: validate(),
    readiness,
    additions,
    version: readVersion(),
  })
  for (const { prepare } of additions) await prepare?.()
  const { tls, corsOrigins } = config
  const server = await serve({ ...config.business, tls, corsOrigins }, { routes, log, clock })
  const jobs = additions.flatMap((one) => [
    ...(one.jobs ?? []),
    ...(config.worksInside ? (one.work ?? []) : []),
  ])
  startJobs(jobs, context)
  return { server, readiness }
}

const extensions = capabilities.map(({ extension }) => extension)
await run('business', process.env, start, extensions)
