// What the steps of a module come to: their stamps, and what the build says of them.

import type { ClassMark, ClassStamp, Fingerprint, FunctionStamp } from '../runtime/contract.js'
import type { Module } from './module.js'
import type { Closure } from './walk.js'

export interface StampedStep {
  readonly id: string
  readonly fingerprint: Fingerprint
  readonly closure: Closure
  /** Where its own code stands. */
  readonly module: Module
  readonly at: number
  readonly end: number
  readonly isMemoized: boolean
  /** `this` is handed on and no `inputs` are given, so what it reads cannot be told. */
  readonly hidesReads: boolean
  /** Environment variables that it declares. */
  readonly env: readonly string[]
  /** Its results grow old by themselves, so the clock is no surprise. */
  readonly hasTtl: boolean
}

export interface StampedClass {
  /** Offset of the class. */
  readonly at: number
  readonly stamp: ClassStamp
}

export interface StampedFunction {
  /** Offsets of the function. */
  readonly start: number
  readonly end: number
  /** The function is written there; otherwise it is only named, and others may name it too. */
  readonly isLiteral: boolean
  readonly stamp: Omit<FunctionStamp, 'captures'>
  readonly captures: readonly string[]
}

export interface MarkedClass {
  readonly name: string
  /** Offset of the class. */
  readonly at: number
  readonly mark: ClassMark
}

export interface ModuleSteps {
  readonly classes: readonly StampedClass[]
  readonly functions: readonly StampedFunction[]
  readonly marked: readonly MarkedClass[]
  readonly steps: readonly StampedStep[]
  /** Functions given to `memoize` that get no stamp, and the captured variable that is to blame. */
  readonly unstamped: readonly { readonly module: Module; readonly at: number; readonly name: string; readonly variable: string }[]
}

/** What is put into the code. */
export type Stamps = Pick<ModuleSteps, 'classes' | 'functions' | 'marked'>

export const NONE: ModuleSteps = { classes: [], functions: [], marked: [], steps: [], unstamped: [] }
