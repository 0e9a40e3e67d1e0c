/** 10,000 posts of one author: whether the last page takes longer than the first. */
import { callBusiness, type Post, writePosts } from '../business-calls.ts'
import { measure, type Request, type Slice } from '../load.ts'
import { besideCore, type Server, testedCore } from '../processes.ts'
import { alternate, ratio } from '../rounds.ts'
import type { Figure, Scenario, ScenarioOptions } from '../scenario.ts'
import { logIn, startAuth, startBusiness } from '../servers.ts'
import { startContentStores } from '../stores.ts'
import { describe } from './data.ts'

const total = 10_000
const limit = 50

export const pages: Scenario = {
  name: 'pages',
  limitSeconds: 300,
  async run(options) {
    const auth = await startAuth(besideCore)
    const inMemory = await measureOn('memory', auth, {}, options)
    const stores = await startContentStores()
    try {
      const onPostgres = await measureOn('Postgres', auth, stores.variables, options)
      return {
        figures: [...inMemory.figures, ...onPostgres.figures],
        raw: [inMemory.slices, onPostgres.slices],
      }
    } finally {
      await stores.end()
    }
  },
}

async function measureOn(
  store: string,
  auth: Server,
  variables: Readonly<Record<string, string>>,
  { pace }: ScenarioOptions,
) {
  const business = await startBusiness(testedCore, auth, variables)
  const [token = ''] = await logIn(auth, 1)
  const [post] = await writePosts(business, token, total)
  const path = `/posts?author=${post?.author.id}&limit=${limit}`
  const headers = { Authorization: `Bearer ${token}` }
  const load = (page: string) => () => {
    const request: Request = { method: 'GET', path: page, headers }
    const seconds = pace.sliceSeconds
    return measure({ server: business, requests: [request], connections: 16, seconds })
  }
  const last = await lastPage(business, token, path)
  const slices = await alternate<'first' | 'last', Slice>(pace, {
    first: load(path),
    last: load(last),
  })
  await business.end()
  const time = ratio(slices.first, slices.last, ({ perSecond }) => perSecond)
  const figure: Figure = {
    name: `${store}, time of the last page ÷ that of the first`,
    value: time.value,
    unit: '',
    goal: { atMost: 1.5 },
    detail: `${time.range}; last ${describe(slices.last)}; first ${describe(slices.first)}`,
  }
  return { figures: [figure], slices }
}

async function lastPage(business: Server, token: string, path: string): Promise<string> {
  let after = ''
  for (let page = 1; page < total / limit; page++) {
    const request: Request = { method: 'GET', path: `${path}${after}` }
    const { items, next_cursor } = (await callBusiness(business, token, request)) as {
      items: readonly Post[]
      next_cursor: string | null
    } // so business answers
    if (items.length < limit || next_cursor === null) throw new Error('there are too few posts')
    after = `&after=${next_cursor}`
  }
  return `${path}${after}`
}
