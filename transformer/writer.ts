// Where a normal form is written to: tagged, length-prefixed tokens in one list, names replaced by positions.
// Everything that bears on a fingerprint goes through here, so this file and normalize.ts are what FORMAT counts.

import { type Digest, digest } from '../runtime/contract.js'
import type { Local } from './scope.js'
import { ASKED, ASSIGNED, CALLED, DECORATES, FEELS_FIELDS, type Fragment, type Glob, type Mention, READ } from './summary.js'

export interface Writer {
  /** Writes a word of the fixed vocabulary. */
  tag(word: string): void
  text(value: string): void
  count(n: number): void
  /** Writes the position of a local name: the order of first occurrence in this fragment. */
  local(local: Local): void
  /** Keeps a place that `fill` may write to later. */
  reserve(): (token: string) => void
  /** The token of a local name that has occurred already. */
  seen(local: Local): string | undefined
  /** Declares a label for what `write` writes. */
  inLabel(name: string, write: () => void): void
  label(name: string): void
  /** Writes the position of a mention; the linker makes it an edge. */
  mention(kind: Mention['kind'], name: string, use: number, at: number, member?: string, inner?: string): void
  property(name: string): void
  /** A name that nothing in the module binds, or members of one: the normal form has its text already. */
  free(chain: string): void
  glob(glob: Glob): void
  /** A name in a type beside a decorator. */
  type(name: string, at: number): void
  trait(bits: number): void
  /** What `write` mentions stands in a decorator. */
  inDecorator(write: () => void): void
  /** Writes tokens that are there only where class fields define (`useDefineForClassFields`). */
  whereFieldsDefine(write: () => void): void
  fragment(): Fragment
}

const FIELD = '\u0000'

export function openWriter(): Writer {
  const parts: string[] = []
  const locals = new Map<Local, number>()
  const labels: string[] = []
  const mentions: { kind: Mention['kind']; name: string; member?: string; inner?: string; use: number; at: number; asked?: true }[] = []
  const places = new Map<string, number>()
  const properties = new Set<string>()
  const free = new Set<string>()
  const globs: Glob[] = []
  const types: Mention[] = []
  let traits = 0
  let also = 0

  const writer: Writer = {
    tag: (word) => void parts.push(word),
    text: (value) => void parts.push(value.isWellFormed() ? `${value.length}:${value}` : `u${JSON.stringify(value)}`),
    count: (n) => void parts.push(`#${n}`),
    local(local) {
      let index = locals.get(local)
      if (index === undefined) locals.set(local, (index = locals.size))
      parts.push(`l${index}`)
    },
    reserve() {
      const place = parts.push('') - 1
      return (token) => void (parts[place] = token)
    },
    seen: (local) => (locals.has(local) ? `l${locals.get(local)}` : undefined),
    inLabel(name, write) {
      labels.push(name)
      write()
      labels.pop()
    },
    label: (name) => void parts.push(`j${labels.lastIndexOf(name)}`),
    mention(kind, name, given, at, member, inner) {
      const isAsked = (given & ASKED) !== 0 || given === ASSIGNED
      const use = (given & ~ASKED) | also
      const id = `${kind} ${name}\n${member ?? '\r'}\n${inner ?? '\r'}`
      let index = places.get(id)
      if (index === undefined) {
        places.set(id, (index = mentions.length))
        const members = { ...(member !== undefined && { member }), ...(inner !== undefined && { inner }) }
        mentions.push({ kind, name, use, at, ...members, ...(isAsked && { asked: true }) })
      } else {
        mentions[index]!.use |= use
        if (!isAsked) delete mentions[index]!.asked
      }
      parts.push(`m${index}`)
    },
    property: (name) => void properties.add(name),
    free: (chain) => void free.add(chain),
    glob: (glob) => void globs.push(glob),
    type: (name, at) => void types.push({ kind: 'binding', name, use: READ | CALLED, at }),
    trait: (bits) => void (traits |= bits),
    inDecorator(write) {
      also = DECORATES
      write()
      also = 0
    },
    whereFieldsDefine(write) {
      const from = parts.length
      write()
      for (let i = from; i < parts.length; i++) parts[i] = FIELD + parts[i]
      traits |= FEELS_FIELDS
    },
    fragment() {
      const feelsFields = (traits & FEELS_FIELDS) !== 0
      const own = feelsFields ? parts.map((p) => (p.startsWith(FIELD) ? p.slice(1) : p)) : parts
      return {
        own: digest(own.join(' ')),
        ...(feelsFields && { ownAssign: digestAssigned(parts) }),
        mentions,
        properties: [...properties],
        traits,
        ...(free.size > 0 && { free: [...free].sort() }),
        ...(globs.length > 0 && { globs }),
        ...(types.length > 0 && { types }),
      }
    },
  }
  return writer
}

function digestAssigned(parts: readonly string[]): Digest {
  return digest(`assign ${parts.filter((p) => !p.startsWith(FIELD)).join(' ')}`)
}
