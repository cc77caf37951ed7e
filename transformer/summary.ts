// What is known of one module from its text alone: its declarations, what each one mentions, its imports and its exports.
// Plain data, so that it can be kept on disk by the digest of the text.

import type { Digest } from '../runtime/contract.js'

export type Dialect = 'ts' | 'tsx' | 'js' | 'jsx' | 'json'

/** How a mention uses its target, as bits. */
export const READ = 1
/** Handed on, or the receiver of a method call: it may be written through from here. */
export const LIVE = 2
export const ASSIGNED = 4
export const CALLED = 8
/** A member of it is assigned. */
export const WRITTEN = 16
/** `new` of it. */
export const BUILT = 32
/** It stands in a decorator. */
export const DECORATES = 64
export const ANY_USE = 127
/** No bit of a mention, but said where one is written: only whether it is there is asked, or which one it is. */
export const ASKED = 2048

/** One name that a declaration mentions and does not bind itself. Its position in `Fragment.mentions` stands in the normal form. */
export interface Mention {
  /**
   * `binding`: a top-level name of the module, imports included. `this`, `super`, `private`: a member of the class around.
   * `module`: a module named by a literal in `import()`, `require()` or `new URL(..., import.meta.url)`.
   */
  readonly kind: 'binding' | 'this' | 'super' | 'private' | 'module' | 'asset'
  /** The top-level name, the member's name (empty for a bare `this`), or the specifier. */
  readonly name: string
  /** For `binding`: the member, when only `name.member` is mentioned. */
  readonly member?: string
  /** Where `name` is a namespace import: the member of that member, when only `name.member.inner` is mentioned. */
  readonly inner?: string
  readonly use: number
  /** It is assigned, at most, and all that is asked of it is whether it is there, or which one it is. */
  readonly asked?: true
  /** Offset of the first mention in the text. */
  readonly at: number
}

/** What a piece of code feels of the build, or does that the analysis cannot see through, as bits. */
export const FEELS_FIELDS = 1
export const FEELS_JSX = 2
export const FEELS_DECORATORS = 4
/** Reads or calls a member by a computed name that is not plainly an index. */
export const COMPUTED_MEMBER = 8
/** Uses its own `this` (for the members of an object literal). */
export const USES_THIS = 16
export const WRITES_GLOBAL = 32
/** Declares what runs without being called: an accessor, a conversion such as `toString`. */
export const HIDDEN_CALL = 64
export const ANY_TRAIT = 127

/** `import.meta.glob(patterns, options)`: https://vite.dev/guide/features#glob-import */
export interface Glob {
  readonly patterns: readonly string[]
  readonly query: string
}

export interface Fragment {
  /** Digest of the normal form. */
  readonly own: Digest
  /** The same where class fields assign (`useDefineForClassFields: false`), if that makes a difference. */
  readonly ownAssign?: Digest
  readonly mentions: readonly Mention[]
  /** Property names mentioned. */
  readonly properties: readonly string[]
  readonly traits: number
  /** Names that nothing in the module binds, with the members that are read of them at once: `process.env.MODE`. */
  readonly free?: readonly string[]
  /** Patterns of `import.meta.glob`. A query is what each file is asked for with. */
  readonly globs?: readonly Glob[]
  /** What the types beside decorators mention: code only under `emitDecoratorMetadata`. */
  readonly types?: readonly Mention[]
  /** Calls in it that are given a function, of something that has a top-level name. */
  readonly calls?: readonly Site[]
  /** What it assigns to names of the module, where that can be told without the rest of it. */
  readonly assigns?: Readonly<Record<string, readonly Fragment[]>>
  /** A value that is surely a new object, or one if the function of this name gives one. */
  readonly object?: true | string
}

export type MemberKind = 'method' | 'get' | 'set' | 'field' | 'constructor' | 'block' | 'computed'

/** Name of a member whose name is computed. */
export const COMPUTED = 'computed'

/** A member of a class, object literal or enum; `decl` is the declaration that holds its code. */
export interface Member {
  readonly name: string
  readonly kind: MemberKind
  readonly isStatic: boolean
  readonly decl: number
  /** Its value is written down in it: it is no function from elsewhere, whose `this` would be the object or class. */
  readonly isOwn?: true
  /** A field of instances whose value nobody outside can see: `#private`, `accessor`. */
  readonly isHidden?: true
}

export interface Declaration extends Facts, Fragment {
  /** There is nothing to be written any more. */
  readonly text?: undefined
  readonly write?: undefined
}

/** A declaration whose code is still to be written. */
export interface Outline extends Omit<Facts, 'parameters' | 'givesObject'> {
  /** Nothing where its code may mention names that its text does not say: those that JSX stands for. */
  readonly text: string | undefined
  readonly write: () => Code
}

/** What is known of a declaration with its code only. */
export type Code = Fragment & Pick<Facts, 'parameters' | 'givesObject'>

/** What is known of a declaration without its code. */
export interface Facts {
  readonly kind: 'function' | 'variable' | 'class' | 'member' | 'enum' | 'namespace' | 'statement' | 'expression'
  /** For people; the binding positions are in `bindings`. */
  readonly name: string
  readonly at: number
  /** Evaluating it can be felt outside: it is no declaration that may be dropped when unused. */
  readonly impure: boolean
  /** The same where class fields assign, if that makes a difference. */
  readonly impureAssign?: boolean
  /** Index in `declarations` of the class, object literal or enum around, for a member. */
  readonly owner?: number
  readonly members?: readonly Member[]
  /** The value can never be written to: a literal of a primitive type, or a function. */
  readonly constant?: boolean
  /** A constant that is a function, so that properties may be put on it. */
  readonly callable?: true
  /**
   * A variable whose value is what a call gave, say, or a class that extends such a value: called, it may change what it keeps and nothing in
   * the module has a name for.
   */
  readonly made?: true
  /** `const a = b`: another name of `b`. */
  readonly alias?: string
  /** Doc tag `@mintmark ignore`: it counts by its name only. */
  readonly ignored?: boolean
  /** Doc tag `@mintmark include <glob>`, option `include`: files that count by content. */
  readonly includes?: readonly string[]
  /** Doc tag `@mintmark version <text>`. */
  readonly version?: string
  /** What a class extends, where that is a name or a member of one. */
  readonly base?: Name
  /** What the types of its parameters mention, of a function: no part of the normal form. */
  readonly parameters?: readonly TypeName[]
  /** Whatever it is given, a function gives a new object, if it gives anything. */
  readonly givesObject?: true
  /** What the types of its fields mention, of a class: by the name of the field. */
  readonly fieldTypes?: Readonly<Record<string, readonly TypeName[]>>
  /** The modules that the interfaces of its `implements` are imported from: a hint at who may call its methods, no part of the normal form. */
  readonly contracts?: readonly string[]
}

/** A name in a type: a top-level name of the module, or an export of the module that `from` names. A member of it, `a.b` of a member, where it is a namespace. */
export interface TypeName {
  readonly name: string
  readonly member?: string
  readonly from?: string
}

/** What types lead to: the names that leave no code behind. */
export interface Types {
  /** Interfaces and aliases, by what they mention. */
  readonly declared: Readonly<Record<string, readonly TypeName[]>>
  /** Names that `import type` binds. */
  readonly imported: Readonly<Record<string, TypeName>>
  /** Exports that are no values, by what they stand for. */
  readonly exported: Readonly<Record<string, TypeName>>
  /** Modules of `export type *`. */
  readonly stars: readonly string[]
  /** Modules named by `import('x')` anywhere, in a type or not. */
  readonly mentioned: readonly string[]
}

/** A top-level name, or a member of one. */
export interface Name {
  readonly name: string
  readonly member?: string
}

export interface Import {
  readonly specifier: string
  /** The emitted code keeps this import, so the module is evaluated. */
  readonly evaluated: boolean
  /** `import 'x'` with no names. */
  readonly bare: boolean
  /** `with { type: 'json' }` and the like. */
  readonly type?: string
  readonly at: number
}

/** `with { type: 'text' }` asks for the content of a file, as `?text` does; JSON is JSON without a word. */
export function requestOf(specifier: string, type = 'json'): string {
  return type === 'json' ? specifier : `${specifier}?${type}`
}

/** What a top-level name stands for. */
export type Binding =
  | { readonly kind: 'declaration'; readonly decl: number; readonly slot: number }
  /** `name` is `*` for the namespace object. */
  | { readonly kind: 'import'; readonly from: number; readonly name: string }

export type Export =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'from'; readonly from: number; readonly name: string }

/** A place where a step may be: a class, or a call that is given a function. The linker tells which ones are. */
export interface Site {
  readonly at: number
  /** What the decorators or the callee mention: top-level names with an optional member. */
  readonly callees: readonly Name[]
}

export interface Summary {
  /** With its code each of them is plain data; `outlines.ts` writes what is still to be written. */
  readonly declarations: readonly (Declaration | Outline)[]
  readonly bindings: Readonly<Record<string, Binding>>
  readonly imports: readonly Import[]
  readonly exports: Readonly<Record<string, Export>>
  /** Imports re-exported by `export *`. */
  readonly stars: readonly number[]
  /** Its classes with decorators. */
  readonly sites: readonly Site[]
  /** Absent where they are still to be read. */
  readonly types?: Types | undefined
  readonly readTypes?: () => Types | undefined
}

export interface CompleteSummary extends Summary {
  readonly declarations: readonly Declaration[]
}
