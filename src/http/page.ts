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
export type PageCall = Pick<Call<unknown, TypeOf<typeof pageQuery>>, 'query'>

export function readPage(call: PageCall): Page {
  const { after, limit = String(mostPerPage) } = call.query()
  const number = /^[1-9]\d*$/.test(limit) ? Number(limit) : 0
  if (number < 1 || number > mostPerPage) {
    const sentence = `The field 'limit' must be a whole number from 1 to ${mostPerPage}.`
    throw new Refusal('invalid_request', sentence)
  }
  return { after, limit: number }
}

/** A page of items with ids, newest first. */
export interface PageById {
  /** What a store is asked for. One more than is shown says whether there is a next page. */
  readonly asked: { readonly before?: string; readonly limit: number }
  /** Parts what is shown from what was found. */
  readonly cut: <Item extends { readonly id: string }>(found: readonly Item[]) => Cut<Item>
}

export interface Cut<Item> {
  readonly shown: readonly Item[]
  /** The `after` of the next page; `null` where this is the last. */
  readonly nextCursor: string | null
}

/** A UUID. */
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Refuses an `after` that can be the `nextCursor` of no page. */
export function readPageById(call: PageCall): PageById {
  const { after, limit } = readPage(call)
  if (after !== undefined && !idShape.test(after))
    throw new Refusal('invalid_request', "The field 'after' is not the 'next_cursor' of a page.")
  return {
    asked: { ...(after === undefined ? {} : { before: after }), limit: limit + 1 },
    cut(found) {
      const shown = found.slice(0, limit)
      const last = found.length > limit ? shown.at(-1) : undefined
      return { shown, nextCursor: last?.id ?? null }
    },
  }
}
