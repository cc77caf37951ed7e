// Doc tags on a declaration: `@mintmark ignore`, `@mintmark include ./prompts/*.md`, `@mintmark version 2`.

import type { Declaration } from './summary.js'

export type Tags = Pick<Declaration, 'ignored' | 'includes' | 'version'>

// What ends a block comment may be part of a pattern in a line comment: `// @mintmark include ./prompts/**/*.md`.
const COMMENT = /\/\/([^\r\n]*)|\/\*([\s\S]*?)\*\//g
const TAG = /@mintmark\s+(ignore|include|version)(?:[ \t]+([^\r\n]*))?/g

/** The tags in the comments before a declaration. */
export function readTags(comments: string): Tags | undefined {
  if (!comments.includes('@mintmark')) return undefined
  const told = [...comments.matchAll(COMMENT)].flatMap(([, line, block]) => [...(line ?? block!).matchAll(TAG)])
  const values = (name: string): string[] => told.flatMap(([, key, value]) => (key === name && value ? [value.trim()] : []))
  const includes = values('include')
  const version = values('version').join(' ')
  return {
    ...(told.some(([, key]) => key === 'ignore') && { ignored: true }),
    ...(includes.length > 0 && { includes }),
    ...(version !== '' && { version }),
  }
}
