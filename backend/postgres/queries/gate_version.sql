-- Which version of the gate is installed.
select version from opsdeck.installation
