// The compiler copies no SQL: puts the migrations beside the code that was compiled to the folder that is named.
import { cpSync } from 'node:fs'

const isFolderOrSql = (path) => !path.includes('.') || path.endsWith('.sql')
cpSync('src', process.argv[2], { recursive: true, filter: isFolderOrSql })
