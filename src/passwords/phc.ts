/**
 * scrypt hashes as PHC strings: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, base64 without padding. Each hash carries the
 * parameters it was made with, so that they can be raised without losing anybody.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { PasswordHash } from '../storage/ports.ts'

export interface ScryptParameters {
  /** log2 of the cost N. */
  readonly ln: number
  /** The block size. */
  readonly r: number
  /** The parallelisation. */
  readonly p: number
}

/** OWASP's choice of 32 MiB: about 160 ms on the machines of today. */
export const recommendedParameters: ScryptParameters = { ln: 15, r: 8, p: 3 }

const saltBytes = 16
const hashBytes = 32

/** The key derivation itself, so that a test can count what is asked of it. */
export type DeriveKey = (
  password: Buffer,
  salt: Buffer,
  parameters: ScryptParameters,
  length: number,
) => Promise<Buffer>

export const deriveByScrypt: DeriveKey = (password, salt, { ln, r, p }, length) =>
  new Promise((resolve, reject) => {
    const options = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r }
    scrypt(password, salt, length, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })

export interface ParsedHash {
  readonly parameters: ScryptParameters
  readonly salt: Buffer
  readonly hash: Buffer
}

const phcPattern =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

/** Throws a `TypeError` that repeats nothing of the hash: a stored hash that cannot be read is a fault, not a wrong password. */
export function parsePhc(stored: PasswordHash): ParsedHash {
  const [, ln, r, p, salt, hash] = phcPattern.exec(stored) ?? []
  if (salt === undefined || hash === undefined)
    throw new TypeError('a stored password hash is not a scrypt PHC string')
  const parameters = { ln: Number(ln), r: Number(r), p: Number(p) }
  return { parameters, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

function formatPhc({ parameters: { ln, r, p }, salt, hash }: ParsedHash): PasswordHash {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}` as PasswordHash
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}

/** A PHC string with a fresh salt. */
export async function makePhc(
  password: Buffer,
  parameters: ScryptParameters,
  deriveKey: DeriveKey,
): Promise<PasswordHash> {
  const salt = randomBytes(saltBytes)
  return formatPhc({
    parameters,
    salt,
    hash: await deriveKey(password, salt, parameters, hashBytes),
  })
}

/** What nobody's password is checked against: it costs as much as a real one. */
export function unmatchableHash(parameters: ScryptParameters): ParsedHash {
  return { parameters, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) }
}

/** Compares in constant time. */
export async function matchesPhc(
  password: Buffer,
  { parameters, salt, hash }: ParsedHash,
  deriveKey: DeriveKey,
): Promise<boolean> {
  return timingSafeEqual(await deriveKey(password, salt, parameters, hash.length), hash)
}

/** Whether a guess at `one` costs less than at `other`. */
export function isWeaker(one: ScryptParameters, other: ScryptParameters): boolean {
  return one.ln < other.ln || 2 ** one.ln * one.r * one.p < 2 ** other.ln * other.r * other.p
}
