import { serve } from './serve';

/** The compiler's process, where it does not start from a snapshot. */
serve();
