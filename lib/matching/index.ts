export { linearAssignment } from './assignment';
