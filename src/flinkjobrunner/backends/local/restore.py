def restore_deployments(environment, layout):
    pass
