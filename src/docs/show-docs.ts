/** The page and its files. What is not among them has no path: no name that a client sends is looked for on a disk. */
import { type Content, content, fixedReply } from '../http/content.ts'
import { endpoint, nothing } from '../http/endpoint.ts'
import { Refusal } from '../http/refusal.ts'
import { type Route, route } from '../http/router.ts'
import { initializer, page } from './page.ts'

/** The page runs no script and asks no server but ours, and is shown in no other. Images of its style are in the style. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const ofPage = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy': policy,
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
}
const ofFile = { 'Cache-Control': 'public, max-age=3600' }

export function docsRoutes(swaggerUi: ReadonlyMap<string, Content> | undefined): readonly Route[] {
  const files = new Map(swaggerUi && [...swaggerUi, ['initializer.js', initializer]])
  return [
    route('/docs', { GET: showPage(swaggerUi !== undefined) }),
    route('/docs/:file', { GET: showFile(files) }),
  ]
}

const common = { access: 'anybody', refusals: ['not_found'] } as const

function showPage(isInstalled: boolean) {
  const reply = fixedReply(page, ofPage)
  return endpoint({
    ...common,
    summary: 'Show this API to a reader',
    answers: { 200: content('text/html'), 304: nothing },
  }).handle((call) => {
    if (!isInstalled) throw new Refusal('not_found', 'The package swagger-ui-dist is missing here.')
    return reply(call)
  })
}

function showFile(files: ReadonlyMap<string, Content>) {
  const replies = new Map([...files].map(([name, file]) => [name, fixedReply(file, ofFile)]))
  return endpoint({
    ...common,
    summary: 'Send a file of that page',
    answers: { 200: content('*/*'), 304: nothing },
  }).handle((call) => {
    const reply = replies.get(call.param('file'))
    if (reply === undefined) throw new Refusal('not_found', 'There is no such file.')
    return reply(call)
  })
}
