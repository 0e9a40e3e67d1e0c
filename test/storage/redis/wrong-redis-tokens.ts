/** Parts of a Redis adapter that asks first and acts after, in two commands, as many have done. */
import type { createClient } from '@redis/client'
import type { LivingToken, Purpose, TokenKey, TokenStore } from '../../../src/storage/ports.ts'
import { type Fields, toLivingToken } from '../../../src/storage/record.ts'

/** What is used of the driver's client. */
export type Commands = Pick<ReturnType<typeof createClient>, 'get' | 'set' | 'del'>

/** GET, then DEL. */
export function removeInTwoSteps(redis: Commands) {
  return async (key: TokenKey, purpose: Purpose): Promise<LivingToken | undefined> => {
    const value = await redis.get(nameOf(key, purpose))
    if (value === null) return undefined
    await redis.del(nameOf(key, purpose))
    return read(value, purpose)
  }
}

/** GET, then SET. */
export function reinflateInTwoSteps(redis: Commands): TokenStore['reinflate'] {
  return async (keys, purpose) =>
    await Promise.all(
      keys.map(async (key) => {
        const value = await redis.get(nameOf(key, purpose))
        if (value === null) return undefined
        const [, count, ...rest] = JSON.parse(value) as Filed
        const expiresAt = Date.now() + purpose.ttlSeconds * 1000
        const places = `[${expiresAt},${String(count + 1).padStart(10)},`
        const extended = `${places}${JSON.stringify(rest).slice(1)}`
        await redis.set(nameOf(key, purpose), extended, { expiration: { type: 'KEEPTTL' } })
        return read(extended, purpose)
      }),
    )
}

function nameOf({ subjectTag, hash }: TokenKey, { name }: Purpose): string {
  return `sallyport:auth:{${subjectTag}}:t:${name}:${hash}`
}

type Filed = readonly [number, number, number, number, string, ...Fields]

function read(value: string, purpose: Purpose): LivingToken {
  const [expiresAt, refreshCount, capAt, issuedAt, , ...fields] = JSON.parse(value) as Filed
  const times = { issuedAt, expiresAt, capAt, refreshCount, judgedAt: Date.now() }
  return toLivingToken(fields, purpose, times)
}
