/**
 * `GET /docs`: the API document of a server in Swagger UI, to read and to try out. Each server shows its own, so that the
 * page talks to nobody else. Both servers have this line among their capabilities; it needs nothing of either.
 */
import { docsRoutes } from './show-docs.ts'
import { readSwaggerUi } from './swagger-ui.ts'

export const docs = {
  name: 'docs',
  extension: { variables: {} },
  migrations: undefined,
  register: async () => ({ routes: docsRoutes(await readSwaggerUi()) }),
}
