/** business's table of contents. */
import { healthRoutes, type Readiness } from '../http/health.ts'
import { type Route, route } from '../http/router.ts'
import { withDocument } from '../http/show-document.ts'
import type { BusinessAddition } from './capability.ts'
import { getData } from './get-data.ts'
import type { Validate } from './validator.ts'

export interface BusinessDependencies {
  readonly validate: Validate
  readonly readiness: Readiness
  readonly additions: readonly BusinessAddition[]
  /** Of this program. */
  readonly version: string
}

export function businessRoutes({
  validate,
  readiness,
  additions,
  version,
}: BusinessDependencies): readonly Route[] {
  // Nobody brings business a service token: what is not ready is for its log.
  const mayKnowWhy = async () => false
  const routes = [
    route('/data', { GET: getData({ validate }) }),
    ...additions.flatMap(({ routes = [] }) => routes),
    ...healthRoutes({ readiness, mayKnowWhy }),
  ]
  return withDocument(routes, { title: 'Sallyport: business', version })
}
