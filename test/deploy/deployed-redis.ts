/** Redis started by the script that the container runs, with another address and another folder. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createClient } from '@redis/client'
import { type Daemon, type Lifetime, makeFolder, startDaemon } from '../kit/daemon.ts'
import { onFreePort } from '../kit/free-port.ts'
import { pathOf } from '../kit/installed.ts'

const run = promisify(execFile)

/** What a shell, sed or an ACL file could take for something else. */
export const passwords = { auth: 'a&b/c\\d"e$HOME`id`\' #>%', business: 'ünïcode 🔑 with spaces' }

export async function startRedisAsDeployed(t: Lifetime) {
  const folder = makeFolder('redis')
  let daemon: Daemon | undefined
  t.after(async () => {
    await daemon?.end()
    rmSync(folder, { recursive: true, force: true })
  })
  const fileOf = (name: keyof typeof passwords) => {
    writeFileSync(join(folder, name), `${passwords[name]}\n`)
    return join(folder, name)
  }
  const variables = [
    `AUTH_PASSWORD_FILE=${fileOf('auth')}`,
    `BUSINESS_PASSWORD_FILE=${fileOf('business')}`,
    `TMPDIR=${folder}`,
  ]
  const start = (port: number) =>
    startDaemon({
      path: '/usr/bin/env',
      args: [
        ...[...variables, resolve('deploy/redis/start')],
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      ],
      isReady: (output) => output.includes('Ready to accept connections'),
    })
  const port = await onFreePort(async (port) => {
    daemon = await start(port)
    return port
  })

  return {
    daemon: () => daemon as Daemon, // it was started above
    restart: async () => {
      await daemon?.end('SIGKILL')
      daemon = await start(port)
    },
    /** The ACL file that the script made. */
    users: () => readFileSync(aclFileIn(folder), 'utf8'),
    connect: async (
      t: Lifetime,
      name: keyof typeof passwords,
      password: string = passwords[name],
    ) => {
      const url = `redis://127.0.0.1:${port}`
      const client = createClient({
        url,
        username: `sallyport_${name}`,
        password,
        socket: { reconnectStrategy: false },
        disableOfflineQueue: true,
        maintNotifications: 'disabled',
        disableClientInfo: true,
      })
      client.on('error', () => {}) // the calls reject
      await client.connect()
      t.after(() => client.destroy())
      return client
    },
    cli: async (args: readonly string[]): Promise<string> => {
      try {
        const { stdout } = await run(pathOf('redis-cli'), ['-e', '-p', String(port), ...args])
        return stdout.trim()
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string } // of execFile
        throw new Error(`${stdout}${stderr}`)
      }
    },
  }
}

function aclFileIn(folder: string): string {
  return `${folder}/${readdirSync(folder).find((name) => name.startsWith('tmp.'))}/users.acl`
}
