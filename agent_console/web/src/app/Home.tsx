import { Navigate } from 'react-router';
import { useSession } from '@/api/queries';
import { homeOf } from './access';

/** "/" is the page a role works on. */
export function Home() {
  const session = useSession().data;
  return session ? <Navigate to={`/${homeOf(session.user.role)}`} replace /> : null;
}
