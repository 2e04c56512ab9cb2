import type { CompilerReport, Question } from '../messages';
import type { Compiler } from './compile';
import { complete, inspectCode, isComplete } from './language';

/** Answers one question; what goes wrong in TypeScript itself is an answer, too. */
export function answer(compiler: Compiler, question: Question): CompilerReport['answer'] {
  try {
    switch (question.kind) {
      case 'compile':
        return compiler.compile(question.code);
      case 'complete':
        return complete(compiler, question.code, question.cursor);
      case 'inspect':
        return inspectCode(compiler, question.code, question.cursor);
      case 'isComplete':
        return isComplete(question.code);
    }
  } catch (error) {
    const evalue = error instanceof Error ? error.message : String(error);
    return { status: 'error', ename: 'KernelError', evalue, traceback: [evalue] };
  }
}
