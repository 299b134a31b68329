"""Running a file of SQL inside a migration's own transaction."""

from typing import Any

from alembic import op
from sqlalchemy import text


def run(sql: str) -> None:
    """Run many statements at once; asyncpg sends a text without parameters as it is."""
    connection = op.get_bind()
    connection.execute(text("SELECT 1"))  # SQLAlchemy begins its transaction with the first statement it sends itself

    async def send(driver: Any) -> None:
        await driver.execute(sql)

    assert connection.connection.dbapi_connection is not None
    connection.connection.dbapi_connection.run_async(send)  # type: ignore[attr-defined]
