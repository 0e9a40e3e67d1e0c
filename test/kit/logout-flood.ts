/** Strangers who log out again and again, with a token that nobody ever got. */
import { unknownToken } from './demo.ts'
import { type Load, startLoad } from './keep-alive-load.ts'

export function startLogoutFlood({ url }: { readonly url: string }, connections: number): Load {
  const request = `POST /logout HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${unknownToken}\r\nContent-Length: 0\r\n\r\n`
  return startLoad({ url, request, connections })
}
