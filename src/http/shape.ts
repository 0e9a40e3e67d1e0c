/**
 * Shapes: what a body or an answer looks like, said once. From one declaration come the check at run time, the
 * TypeScript type and the JSON Schema.
 *
 * A check returns a new value with the declared fields only, so that nothing undeclared (`__proto__` among it) travels
 * on. Unknown fields are ignored, as RFC 6749 §3.2 demands of OAuth requests. Where a value is at fault in the tree is
 * put together on the way out, so that the good ones don't pay for it.
 */

export interface Shape<T> {
  /** The value as `T`, or a `ShapeError` that names the field at fault and repeats none of its content. */
  check(value: unknown): T
  /** JSON Schema 2020-12. */
  readonly schema: Readonly<Record<string, unknown>>
  readonly isOptional?: true
  /** The names of an object's fields: what a JSON body may not say twice. */
  readonly fields?: readonly string[]
  /** Of an answer that is not JSON. */
  readonly mediaType?: string
  /** What it is one of. */
  readonly alternatives?: readonly Shape<unknown>[]
}

export type TypeOf<S> = S extends Shape<infer T> ? T : never

/** A value that is not of its shape. The message names the field and may be shown to strangers. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
  readonly problem: string
  readonly path: string

  constructor(problem: string, path = '') {
    // No double quotes: RFC 6749 §5.2 allows none in an `error_description`.
    super(path === '' ? `The body ${problem}.` : `The field '${path}' ${problem}.`)
    this.problem = problem
    this.path = path
  }
}

/** The same error, seen from one level further out. */
function inside(step: string, error: unknown): unknown {
  if (!(error instanceof ShapeError)) return error
  const separator = error.path === '' || error.path.startsWith('[') ? '' : '.'
  return new ShapeError(error.problem, `${step}${separator}${error.path}`)
}

/** A string of at most `maxLength` UTF-16 units. A lone surrogate is refused: it has no UTF-8 form. */
export function text({
  maxLength = Number.POSITIVE_INFINITY,
}: {
  maxLength?: number
} = {}): Shape<string> {
  return {
    schema: Number.isFinite(maxLength) ? { type: 'string', maxLength } : { type: 'string' },
    check(value) {
      if (typeof value !== 'string') throw new ShapeError('must be a string')
      if (value.length > maxLength) throw new ShapeError(`is longer than ${maxLength} characters`)
      if (!value.isWellFormed()) throw new ShapeError('is not well-formed Unicode')
      return value
    },
  }
}

/** A whole number, zero or more, and at most `most`. */
export function count({ most }: { most?: number } = {}): Shape<number> {
  const isSaid = most !== undefined
  const expected = isSaid ? `a whole number from 0 to ${most}` : 'a whole number, zero or more'
  return {
    schema: { type: 'integer', minimum: 0, ...(isSaid ? { maximum: most } : {}) },
    check(value) {
      const isCount = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      if (isCount && value <= (most ?? value)) return value
      throw new ShapeError(`must be ${expected}`)
    },
  }
}

export function boolean(): Shape<boolean> {
  return {
    schema: { type: 'boolean' },
    check(value) {
      if (typeof value === 'boolean') return value
      throw new ShapeError('must be true or false')
    },
  }
}

/** A whole number in decimal digits, as a query has it. */
export function numeral({ least, most }: { least: number; most: number }): Shape<number> {
  return {
    schema: { type: 'string', pattern: '^[0-9]+$' },
    check(value) {
      const number =
        typeof value === 'string' && /^[0-9]{1,16}$/.test(value) ? Number(value) : undefined
      if (number !== undefined && number >= least && number <= most) return number
      throw new ShapeError(`must be a whole number from ${least} to ${most}`)
    },
  }
}

export function literal<const T extends string | boolean>(expected: T): Shape<T> {
  return {
    schema: { const: expected },
    check(value) {
      if (value === expected) return expected
      throw new ShapeError(`must be ${expected}`)
    },
  }
}

/** One of these texts. */
export function choice<const T extends string>(choices: readonly T[]): Shape<T> {
  return {
    schema: { enum: choices },
    check(value) {
      const chosen = choices.find((one) => one === value)
      if (chosen !== undefined) return chosen
      throw new ShapeError(`must be one of ${choices.join(', ')}`)
    },
  }
}

/** Or `null`. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    schema: { anyOf: [shape.schema, { type: 'null' }] },
    check: (value) => (value === null ? null : shape.check(value)),
  }
}

/** Anything that JSON can say: for members that the act judges itself. */
export function anything(): Shape<unknown> {
  return { schema: {}, check: (value) => value }
}

export function listOf<T>(member: Shape<T>, { maxItems }: { maxItems: number }): Shape<T[]> {
  return {
    schema: { type: 'array', items: member.schema, maxItems },
    check(value) {
      if (!Array.isArray(value)) throw new ShapeError('must be a list')
      if (value.length > maxItems) throw new ShapeError(`has more than ${maxItems} members`)
      let index = 0
      try {
        const checked: T[] = []
        for (; index < value.length; index++) checked.push(member.check(value[index]))
        return checked
      } catch (error) {
        throw inside(`[${index}]`, error)
      }
    },
  }
}

/** May be left out. Present as `null` is not left out. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return {
    schema: shape.schema,
    isOptional: true,
    check: (value) => (value === undefined ? undefined : shape.check(value)),
  }
}

type Fields = Readonly<Record<string, Shape<unknown>>>
type ObjectOf<F extends Fields> = { readonly [K in keyof F]: TypeOf<F[K]> }

export function object<F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const entries = Object.entries(fields)
  // What every object inherits would pass for a field that was sent.
  const inherited = entries.find(([name]) => name in {})
  if (inherited !== undefined) throw new TypeError(`no field may be called ${inherited[0]}`)
  const required = entries
    .filter(([, shape]) => shape.isOptional === undefined)
    .map(([name]) => name)
  const properties = Object.fromEntries(entries.map(([name, shape]) => [name, shape.schema]))
  return {
    schema: { type: 'object', properties, required },
    fields: Object.keys(fields),
    check(value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new ShapeError('must be an object')
      const given = value as Readonly<Record<string, unknown>> // any object can be asked for a field
      const checked: Record<string, unknown> = {}
      let step = ''
      try {
        for (const [name, shape] of entries) {
          step = name
          const own = Object.hasOwn(given, name) ? given[name] : undefined
          if (own === undefined && shape.isOptional === undefined)
            throw new ShapeError('is missing')
          checked[name] = shape.check(own)
        }
      } catch (error) {
        throw inside(step, error)
      }
      return checked as ObjectOf<F> // each field was checked by its own shape just above
    },
  }
}

/** Either of two objects. `isSecond` tells them apart; what is no object is held against the first. */
export function either<A, B>(
  first: Shape<A>,
  second: Shape<B>,
  isSecond: (value: object) => boolean,
): Shape<A | B> {
  return {
    schema: { oneOf: [first.schema, second.schema] },
    alternatives: [first, second],
    fields: [...(first.fields ?? []), ...(second.fields ?? [])],
    check(value) {
      const isObject = typeof value === 'object' && value !== null
      return isObject && isSecond(value) ? second.check(value) : first.check(value)
    },
  }
}
