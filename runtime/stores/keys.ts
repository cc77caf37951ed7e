// Ed25519 keys of those who write to a store. A private key is PEM (PKCS #8), a public one a word: `ed25519:` and 43 characters.
// No message repeats what was given as a private key: someone may have put the key itself where a path belongs.

import { createPrivateKey, createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { MintmarkError } from '../errors.js'

const MARK = 'ed25519:'
const WORD = /^ed25519:[A-Za-z0-9_-]{43}$/
const OTHERS_RIGHTS = 0o077

/**
 * A private key from its PEM, in which `\n` may stand for line ends, or from the path of a file that holds it and that nobody else may read.
 * MM5041 when it cannot be used.
 */
export function readPrivateKey(given: string | object, from: string): KeyObject {
  if (given instanceof KeyObject) return checked(given, from)
  if (typeof given !== 'string') throw unusable(`${from} is neither PEM, nor the path of a file, nor a KeyObject.`)
  const text = given.trim()
  const pem = text.startsWith('-----BEGIN') ? text.replaceAll('\\n', '\n') : readKeyFile(text, from)
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    throw unusable(`${from} is no private key in PEM. \`mintmark keys new FILE\` makes one.`)
  }
  return checked(key, from)
}

function checked(key: KeyObject, from: string): KeyObject {
  if (key.type === 'private' && key.asymmetricKeyType === 'ed25519') return key
  throw unusable(`${from} is not a private Ed25519 key. \`mintmark keys new FILE\` makes one.`)
}

function readKeyFile(path: string, from: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isFile()) throw unusable(`${from} is neither PEM nor the path of a file.`)
  if (process.platform !== 'win32' && (stat.mode & OTHERS_RIGHTS) !== 0)
    throw unusable(
      `the file that ${from} names can be read by others. Take their rights away: \`chmod 600\`; and make a new key if they may have read it.`,
    )
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw unusable(`the file that ${from} names cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/** A public key from its word. MM5041 when it is none. */
export function readPublicKey(word: string): KeyObject {
  if (WORD.test(word)) {
    try {
      return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: word.slice(MARK.length) }, format: 'jwk' })
    } catch {
      // Told below.
    }
  }
  // A private key in the wrong place would be told to the log.
  const shown = /^[\w:+/=-]{1,80}$/.test(word) && word.startsWith(MARK) ? ` ${JSON.stringify(word)}` : ''
  throw unusable(`a key to trust${shown} is no public key. It is \`ed25519:\` and 43 characters, as \`mintmark keys show FILE\` prints it.`)
}

/** The word for the public half. */
export function publicWord(key: KeyObject): string {
  return MARK + createPublicKeyOf(key).export({ format: 'jwk' }).x
}

/** The 32 bytes of the public half. */
export function publicBytes(key: KeyObject): Buffer {
  return Buffer.from(publicWord(key).slice(MARK.length), 'base64url')
}

function createPublicKeyOf(key: KeyObject): KeyObject {
  return key.type === 'public' ? key : createPublicKey(key as never)
}

/** Makes a key in a new file with mode 0600, and answers the word for its public half. MM5041 when the file cannot be made. */
export function makeKeyFile(path: string): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  try {
    writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw unusable(
      `cannot make \`${path}\` (${code}). ${code === 'EEXIST' ? 'A key is never overwritten: choose another name.' : ''}`.trim(),
    )
  }
  return publicWord(privateKey)
}

function unusable(why: string): MintmarkError {
  return new MintmarkError('MM5041', why)
}
