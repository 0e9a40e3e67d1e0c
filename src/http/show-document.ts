/** `GET /openapi.json`: the API document of a server, itself among its endpoints. Made once. */
import { Content, content, fixedReply } from './content.ts'
import { type Endpoint, endpoint, nothing } from './endpoint.ts'
import { type ApiInfo, openApiOf } from './openapi.ts'
import { type Route, route } from './router.ts'

const type = 'application/json'
const headers = { 'Cache-Control': 'public, max-age=60' }

/** These routes, and one that describes them all. */
export function withDocument(routes: readonly Route[], info: ApiInfo): readonly Route[] {
  const all = [...routes, route('/openapi.json', { GET: showDocument(() => reply) })]
  const document = openApiOf(all, info)
  const reply = fixedReply(new Content(type, JSON.stringify(document)), headers)
  return all
}

function showDocument(reply: () => ReturnType<typeof fixedReply>): Endpoint {
  return endpoint({
    summary: 'Describe this API',
    access: 'anybody',
    answers: { 200: content(type), 304: nothing },
  }).handle((call) => reply()(call))
}
