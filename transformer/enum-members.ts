// An enum -> a declaration for the whole and one for each constant of it.

import { add, claim, type Draft, writeMerge } from './draft.js'
import { effectsOf, isPure } from './effects.js'
import { type Enum, writeEnum, writeEnumMember } from './enums.js'
import type { Member } from './summary.js'

export function addEnum(draft: Draft, declared: Enum): void {
  const { name, at, members } = declared
  const felt = effectsOf(draft.effects, () => isPureEnum(draft, declared))
  const owner = add(draft, { kind: 'enum', name, at, ...felt }, (pen) => {
    writeMerge(draft, pen, name, at)
    writeEnum(pen, declared)
  })
  if (!claim(draft, [name], owner)) return
  // A member that is computed may read the others: it has no code of its own.
  const constants = members.filter((m) => typeof m.value !== 'object')
  const list = constants.map((m): Member => {
    const facts = { kind: 'member', name: m.name, at, impure: false, owner } as const
    return { name: m.name, kind: 'field', isStatic: true, decl: add(draft, facts, (pen) => writeEnumMember(pen, m, declared)) }
  })
  draft.declarations[owner] = { ...draft.declarations[owner]!, members: list }
}

function isPureEnum({ effects }: Draft, { members, parameter }: Enum): boolean {
  const names = new Set([...members.map((m) => m.name), parameter])
  const inside = { ...effects, isBound: (name: string): boolean => names.has(name) || effects.isBound(name) }
  return members.every((m) => typeof m.value !== 'object' || isPure(inside, m.value))
}
