/** A worker as a process: does what business would do beside its requests. As many as are wanted. */
import { run } from '../run.ts'
import { capabilities } from './capabilities.ts'
import { openBusiness, startJobs } from './main-parts.ts'

const extensions = capabilities.map(({ extension }) => extension)
await run(
  'worker',
  process.env,
  async (context) => {
    const { additions } = await openBusiness(context)
    const jobs = additions.flatMap(({ work = [] }) => work)
    startJobs(jobs, context)
    return undefined
  },
  extensions,
)
