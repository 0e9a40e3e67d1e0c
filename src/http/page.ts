/** Pages of a listing, as a query asks for them: `?after=…&limit=…`. */
import type { Call } from './endpoint.ts'
import { Refusal } from './refusal.ts'
import { object, optional, type TypeOf, text } from './shape.ts'

/** And as many as there are where nothing is said. */
export const mostPerPage = 100

export const pageFields = {
  after: optional(text({ maxLength: 64 })),
  limit: optional(text({ maxLength: 3 })),
}

export const pageQuery = object(pageFields)

export interface Page {
  /** The last one of the page before; `undefined` for the first page. */
  readonly after: string | undefined
  readonly limit: number
}

/** Of an endpoint whose query has `pageFields`. */
export function readPage(call: Pick<Call<unknown, TypeOf<typeof pageQuery>>, 'query'>): Page {
  const { after, limit = String(mostPerPage) } = call.query()
  const number = /^[1-9]\d*$/.test(limit) ? Number(limit) : 0
  if (number < 1 || number > mostPerPage) {
    const sentence = `The field 'limit' must be a whole number from 1 to ${mostPerPage}.`
    throw new Refusal('invalid_request', sentence)
  }
  return { after, limit: number }
}
