import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPasswords } from '../../src/passwords/passwords.ts'
import { createQueue } from '../../src/passwords/queue.ts'
import { countedDerivations, type Derivation } from '../kit/derivations.ts'
import { cheapParameters } from '../kit/servers.ts'

const weakParameters = { ...cheapParameters, ln: cheapParameters.ln - 1 }
const fullWork: Derivation = { ...cheapParameters, saltBytes: 16, length: 32 }
const weakWork: Derivation = { ...weakParameters, saltBytes: 16, length: 32 }

function open(parameters = cheapParameters) {
  const derivations = countedDerivations()
  const queue = createQueue({ concurrency: 1, maxWaiting: 10 })
  const passwords = createPasswords({ parameters, queue, deriveKey: derivations.deriveKey })
  return { passwords, derivations }
}

/** What a check costs against the hash of `correct horse`, or against none. */
async function workOf(password: string, isKnown: boolean): Promise<readonly Derivation[]> {
  const { passwords, derivations } = open()
  const stored = isKnown ? await passwords.hash('correct horse') : undefined
  derivations.takeAll()

  await passwords.check(password, stored)

  return derivations.takeAll()
}

async function workOnWeakHash(password: string): Promise<readonly Derivation[]> {
  const stored = await open(weakParameters).passwords.hash('correct horse')
  const { passwords, derivations } = open()

  await passwords.check(password, stored)

  return derivations.takeAll()
}

describe('the work of a password check', () => {
  it('is one full derivation for the right password', async () => {
    assert.deepEqual(await workOf('correct horse', true), [fullWork])
  })

  it('is the same for a wrong one', async () => {
    assert.deepEqual(await workOf('wrong horse', true), [fullWork])
  })

  it('is the same where there is no such user', async () => {
    assert.deepEqual(await workOf('correct horse', false), [fullWork])
  })

  it('is the same for an empty password', async () => {
    assert.deepEqual(await workOf('', true), [fullWork])
    assert.deepEqual(await workOf('', false), [fullWork])
  })

  it('is the same for a password that is too long', async () => {
    assert.deepEqual(await workOf('a'.repeat(257), true), [fullWork])
    assert.deepEqual(await workOf('a'.repeat(257), false), [fullWork])
  })

  it('is no less where the stored hash is weak: its own derivation and the full one', async () => {
    assert.deepEqual(await workOnWeakHash('correct horse'), [weakWork, fullWork])
    assert.deepEqual(await workOnWeakHash('wrong horse'), [weakWork, fullWork])
    assert.deepEqual(await workOnWeakHash(''), [weakWork, fullWork])
  })

  it('is one full derivation for a new hash', async () => {
    const { passwords, derivations } = open()

    await passwords.hash('correct horse')

    assert.deepEqual(derivations.takeAll(), [fullWork])
  })
})
