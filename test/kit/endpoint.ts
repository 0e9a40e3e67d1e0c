/** Endpoints of tests, for which no document is needed. */
import { type Answers, type Declaration, endpoint as declare } from '../../src/http/endpoint.ts'

export function endpoint<B, A extends Answers, Q>(
  declaration: Omit<Declaration<B, A, Q>, 'summary' | 'access'>,
) {
  return declare({ summary: 'Do what a test wants', access: 'anybody', ...declaration })
}
