import { Outlet } from 'react-router';

/** Around a page that belongs to no project. */
export function Outside() {
  return (
    <main>
      <Outlet />
    </main>
  );
}
