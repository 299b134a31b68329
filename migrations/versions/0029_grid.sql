CREATE SCHEMA grid;
GRANT USAGE ON SCHEMA grid TO huoke_app, huoke_feed;
CREATE TABLE grid.request (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	axis TEXT NOT NULL,
	body JSONB NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	change_id UUID,
	requested_by TEXT NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_request PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_request_state_known CHECK (state IN ('requested', 'in_force', 'refused', 'withdrawn'))
);
CREATE UNIQUE INDEX uq_request_open ON grid.request (tenant_id, axis) WHERE state = 'requested';
COMMENT ON TABLE grid.request IS 'Axes of the grid: asked for by one person, decided by another';
COMMENT ON COLUMN grid.request.body IS 'the axis as it is wanted';
ALTER TABLE grid.request ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON grid.request TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON grid.request TO huoke_app;
CREATE TABLE grid.month (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	month DATE NOT NULL,
	day DATE NOT NULL,
	placement_id UUID NOT NULL,
	axes JSONB NOT NULL,
	customers INTEGER NOT NULL,
	took_ms INTEGER NOT NULL,
	placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_month PRIMARY KEY (tenant_id, month)
);
COMMENT ON TABLE grid.month IS 'Which placement counts for a month; one that is over never changes';
COMMENT ON COLUMN grid.month.day IS 'The day whose end it shows';
COMMENT ON COLUMN grid.month.axes IS 'The axes as they were then';
ALTER TABLE grid.month ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON grid.month TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON grid.month TO huoke_app;
CREATE TABLE grid.chunk (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	placement_id UUID NOT NULL,
	chunk INTEGER NOT NULL,
	cells BYTEA NOT NULL,
	units BYTEA NOT NULL,
	CONSTRAINT pk_chunk PRIMARY KEY (tenant_id, placement_id, chunk)
);
COMMENT ON TABLE grid.chunk IS 'Who stood in which cell';
COMMENT ON COLUMN grid.chunk.cells IS 'deflated: a uint16 for each of 65,536 customer numbers';
COMMENT ON COLUMN grid.chunk.units IS 'deflated: a uint32 each, the unit at that time';
ALTER TABLE grid.chunk ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON grid.chunk TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON grid.chunk TO huoke_app;
CREATE TABLE grid.figure (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	placement_id UUID NOT NULL,
	unit_id INTEGER NOT NULL,
	cell INTEGER NOT NULL,
	customers INTEGER NOT NULL,
	aum_fen BIGINT NOT NULL,
	valued INTEGER NOT NULL,
	active INTEGER NOT NULL,
	products BIGINT NOT NULL,
	warmth FLOAT NOT NULL,
	hot INTEGER NOT NULL,
	warm INTEGER NOT NULL,
	cool INTEGER NOT NULL,
	cold INTEGER NOT NULL,
	cost_fen BIGINT NOT NULL,
	CONSTRAINT pk_figure PRIMARY KEY (tenant_id, placement_id, unit_id, cell)
);
COMMENT ON TABLE grid.figure IS 'What was measured of the customers of a cell in a unit, as sums';
COMMENT ON COLUMN grid.figure.valued IS 'customers whose assets are known';
COMMENT ON COLUMN grid.figure.warmth IS 'sum of temperatures';
ALTER TABLE grid.figure ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON grid.figure TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON grid.figure TO huoke_app;
CREATE TABLE grid.fill_task (
	tenant_id INTEGER DEFAULT kernel.tenant() NOT NULL,
	id UUID NOT NULL,
	axis TEXT NOT NULL,
	unit_id INTEGER NOT NULL,
	due_on DATE NOT NULL,
	note TEXT NOT NULL,
	members BYTEA NOT NULL,
	customers INTEGER NOT NULL,
	state TEXT NOT NULL,
	created_by TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_fill_task PRIMARY KEY (tenant_id, id),
	CONSTRAINT ck_fill_task_state_known CHECK (state IN ('open', 'closed'))
);
CREATE UNIQUE INDEX uq_fill_task_open ON grid.fill_task (tenant_id, axis, unit_id) WHERE state = 'open';
COMMENT ON TABLE grid.fill_task IS 'Units'' tasks to find out where customers stand';
COMMENT ON COLUMN grid.fill_task.members IS 'roaring: who was unknown when it began';
ALTER TABLE grid.fill_task ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON grid.fill_task TO huoke_app USING (tenant_id = (SELECT kernel.tenant())) WITH CHECK (tenant_id = (SELECT kernel.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON grid.fill_task TO huoke_app;
