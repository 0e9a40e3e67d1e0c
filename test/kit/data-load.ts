/** A light load of `GET /data` with one token. */
import { type Load, startLoad } from './keep-alive-load.ts'

export function startLoadOfData({ url }: { readonly url: string }, token: string): Load {
  const request = `GET /data HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`
  return startLoad({ url, request, connections: 8 })
}

/** How many answers of that status have come. */
export function countOf(load: Load, status: number): number {
  return load.outcomes().statuses.get(status) ?? 0
}
