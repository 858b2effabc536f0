"""What offices write, as typed tables: columns, cells, headers, workbooks."""
