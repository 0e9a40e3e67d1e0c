/** Endpoints of tests, whose summaries nobody reads. */
import {
  type Access,
  type Answers,
  type Declaration,
  endpoint as declare,
} from '../../src/http/endpoint.ts'

export function endpoint<B, A extends Answers, Q>(
  declaration: Omit<Declaration<B, A, Q>, 'summary' | 'access'> & { readonly access?: Access },
) {
  return declare({ summary: 'Do what a test wants', access: 'anybody', ...declaration })
}
