/** What is asked of a process that SIGKILL ended where nobody here has sent it: the system mostly has. */
export const MEMORY_FULL = "; was the machine's memory full?";
