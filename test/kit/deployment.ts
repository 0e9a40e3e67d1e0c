/**
 * All that compose.yaml describes, natively: the same files, variables and secrets, on loopback and free ports. Nothing
 * here repeats what compose.yaml says; it only puts this machine's addresses in place of the containers' names.
 */
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { environmentOf } from '../deploy/compose.ts'
import { makeSecrets } from '../deploy/secrets.ts'
import { type Daemon, type Lifetime, makeFolder, startDaemon } from './daemon.ts'
import { freePort, onFreePort } from './free-port.ts'
import { pathOf } from './installed.ts'
import { startNginx } from './nginx.ts'
import { startPostgres } from './postgres.ts'
import {
  type ServerProcess,
  spawnScript,
  startAuth,
  startBusiness,
  type Variables,
  waitUntil,
} from './processes.ts'
import { root } from './root.ts'

const run = promisify(execFile)

export const services = ['auth-1', 'auth-2', 'business-1', 'business-2'] as const
export type Service = (typeof services)[number]

export interface Deployment {
  /** As it runs now: a restart makes another one. */
  readonly server: (name: Service) => ServerProcess
  /** Starts it on the port that it had, and resolves when it is ready. It must have ended. */
  readonly startAgain: (name: Service) => Promise<void>
  /** What nginx is to the public. */
  readonly front: {
    readonly auth: string
    readonly business: string
    /** What nginx wrote of errors so far. */
    readonly output: () => string
  }
  /** Who was made by the script that makes users. */
  readonly user: { readonly username: string; readonly password: string }
  /** The content of a secret. */
  readonly secret: (name: string) => string
}

/** `variables` are stronger than those of compose.yaml. */
export async function startDeployment(
  t: TestContext,
  variables: Variables = {},
): Promise<Deployment> {
  const secrets = makeSecrets(t)
  const secret = (name: string) => readFileSync(join(secrets, name), 'utf8')
  const addresses = new Map<string, string>()
  addresses.set('redis:6379', await startRedis(t, secrets))
  addresses.set('postgres:5432', await startPostgresWithRoles(t, secrets))
  const urls = ['token_store_url', 'account_store_url', 'content_store_url', 'migrate_database_url']
  for (const name of urls) {
    writeFileSync(join(secrets, name), translate(secret(name), addresses))
  }
  for (const name of services) {
    addresses.set(`${name}:${portIn(name)}`, `127.0.0.1:${await freePort()}`)
  }
  addresses.set('/run/secrets', secrets).set('0.0.0.0', '127.0.0.1')
  const environment = (service: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(environmentOf(service)).map(([k, value]) => [k, translate(value, addresses)]),
    )

  await migrate(environment('migrate'))
  const user = await makeUser(t, environment('auth-1'))

  const running = new Map<Service, ServerProcess>()
  async function startOne(name: Service): Promise<void> {
    const isAuth = name.startsWith('auth')
    const port = addresses.get(`${name}:${portIn(name)}`)?.split(':')[1] ?? ''
    const own = { ...environment(name), [isAuth ? 'AUTH_PORT' : 'BUSINESS_PORT']: port }
    const start = isAuth ? startAuth : startBusiness
    const server = await start(t, { ...own, ...variables })
    running.set(name, server)
    await waitUntil(() => server.find('started').some(({ ready }) => ready === true))
  }
  for (const name of services) await startOne(name)

  const { NGINX_AUTH_PORT: _auth, NGINX_BUSINESS_PORT: _business, ...rest } = environment('nginx')
  const nginx = await startNginx(t, {
    template: join(root, 'deploy/nginx/default.conf.template'),
    variables: rest,
    ports: ['NGINX_AUTH_PORT', 'NGINX_BUSINESS_PORT'],
  })
  return {
    server(name) {
      const server = running.get(name)
      if (server === undefined) throw new TypeError(`${name} was not started`)
      return server
    },
    startAgain: startOne,
    front: {
      auth: `https://127.0.0.1:${nginx.port('NGINX_AUTH_PORT')}`,
      business: `https://127.0.0.1:${nginx.port('NGINX_BUSINESS_PORT')}`,
      output: () => nginx.output(),
    },
    user,
    secret,
  }
}

/** In its container. */
function portIn(name: Service): string {
  const { AUTH_PORT, BUSINESS_PORT } = environmentOf(name)
  return AUTH_PORT ?? BUSINESS_PORT ?? ''
}

function translate(text: string, addresses: ReadonlyMap<string, string>): string {
  return [...addresses].reduce((changed, [from, to]) => changed.replaceAll(from, to), text)
}

async function startRedis(t: Lifetime, secrets: string): Promise<string> {
  const folder = makeFolder('redis')
  let daemon: Daemon | undefined
  t.after(async () => {
    await daemon?.end()
    rmSync(folder, { recursive: true, force: true })
  })
  const variables = [
    `AUTH_PASSWORD_FILE=${join(secrets, 'redis_auth_password')}`,
    `BUSINESS_PASSWORD_FILE=${join(secrets, 'redis_business_password')}`,
    `TMPDIR=${folder}`,
  ]
  return await onFreePort(async (port) => {
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
    daemon = await startDaemon({
      path: '/usr/bin/env',
      args: [...variables, join(root, 'deploy/redis/start'), ...place],
      isReady: (output) => output.includes('Ready to accept connections'),
    })
    return `127.0.0.1:${port}`
  })
}

async function startPostgresWithRoles(t: Lifetime, secrets: string): Promise<string> {
  const postgres = await startPostgres(t)
  const env = {
    PATH: [dirname(pathOf('psql')), process.env.PATH].join(delimiter),
    PGHOST: postgres.socketFolder,
    PGPORT: String(postgres.port),
    PGUSER: 'postgres',
    OWNER_PASSWORD_FILE: join(secrets, 'postgres_owner_password'),
    AUTH_PASSWORD_FILE: join(secrets, 'postgres_auth_password'),
    BUSINESS_PASSWORD_FILE: join(secrets, 'postgres_business_password'),
  }
  await run('bash', [join(root, 'deploy/postgres/roles.sh')], { env })
  return `127.0.0.1:${postgres.port}`
}

async function migrate(variables: Variables): Promise<void> {
  const { ended, output } = spawnScript('../../src/main-migrate.js', variables)
  const { code } = await ended
  if (code !== 0) throw new Error(`the migrations failed: ${output()}`)
}

/** As an operator does it in the container of auth. */
async function makeUser(t: Lifetime, variables: Variables): Promise<Deployment['user']> {
  const folder = makeFolder('user')
  t.after(() => rmSync(folder, { recursive: true }))
  const user = { username: 'ada@example.com', password: 'a password of her own' }
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, user.password)
  const script = fileURLToPath(new URL('../../src/auth/main-create-user.js', import.meta.url))
  const env = { PATH: process.env.PATH, ...variables, NEW_USER_PASSWORD_FILE: passwordFile }
  const args = ['--username', user.username, '--name', 'Ada']
  await run(process.execPath, [script, ...args], { env })
  return user
}
