/** business's table of contents. */
import { healthRoutes, type Readiness } from '../http/health.ts'
import { type Route, route } from '../http/router.ts'
import type { BusinessAddition } from './capability.ts'
import { getData } from './get-data.ts'
import type { Validate } from './validator.ts'

export interface BusinessDependencies {
  readonly validate: Validate
  readonly readiness: Readiness
  readonly additions: readonly BusinessAddition[]
}

export function businessRoutes({
  validate,
  readiness,
  additions,
}: BusinessDependencies): readonly Route[] {
  // Nobody brings business a service token: what is not ready is for its log.
  const mayKnowWhy = async () => false
  return [
    route('/data', { GET: getData({ validate }) }),
    ...additions.flatMap(({ routes = [] }) => routes),
    ...healthRoutes({ readiness, mayKnowWhy }),
  ]
}
