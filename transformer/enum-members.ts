// An enum -> a declaration for the whole and one for each constant of it.

import type ts from 'typescript'
import { add, claim, type Draft, writeMerge } from './draft.js'
import { effectsOf, isPure } from './effects.js'
import { type EnumMember, enumMembers, loweredEnum, writeEnum, writeEnumMember } from './enums.js'
import type { Member } from './summary.js'

export function addEnum(draft: Draft, node: ts.EnumDeclaration): void {
  const members = enumMembers(draft.ts, node, draft.effects.enumValues)
  addEnumMembers(draft, node.name.text, node.getStart(draft.file), members)
}

export function addLoweredEnum(draft: Draft, lowered: NonNullable<ReturnType<typeof loweredEnum>>): void {
  addEnumMembers(draft, lowered.name, lowered.at, lowered.members)
}

function addEnumMembers(draft: Draft, name: string, at: number, members: readonly EnumMember[]): void {
  const felt = effectsOf(draft.effects, () => isPureEnum(draft, members))
  const owner = add(draft, { kind: 'enum', name, at, ...felt }, (pen) => {
    writeMerge(draft, pen, name, at)
    writeEnum(pen, members)
  })
  if (!claim(draft, [name], owner)) return
  // A member that is computed may read the others: it has no code of its own.
  const constants = members.filter((m) => typeof m.value !== 'object')
  const list = constants.map((m): Member => {
    const facts = { kind: 'member', name: m.name, at, impure: false, owner } as const
    return { name: m.name, kind: 'field', isStatic: true, decl: add(draft, facts, (pen) => writeEnumMember(pen, m, members)) }
  })
  draft.declarations[owner] = { ...draft.declarations[owner]!, members: list }
}

function isPureEnum({ effects }: Draft, members: readonly EnumMember[]): boolean {
  const names = new Set(members.map((m) => m.name))
  const inside = { ...effects, isBound: (name: string): boolean => names.has(name) || effects.isBound(name) }
  return members.every((m) => typeof m.value !== 'object' || isPure(inside, m.value))
}

export function loweredEnums(draft: Draft): Map<ts.Statement, NonNullable<ReturnType<typeof loweredEnum>>> {
  const found = new Map<ts.Statement, NonNullable<ReturnType<typeof loweredEnum>>>()
  for (const statement of draft.file.statements) {
    const lowered = loweredEnum(draft.ts, draft.file, statement)
    if (lowered !== undefined) found.set(statement, lowered)
  }
  return found
}
