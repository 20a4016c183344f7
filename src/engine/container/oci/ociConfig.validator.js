// Made from ociConfig.schema.json by npm run docs.
var validate = validate10,
  stdin_default = validate10,
  schema11 = {
    $comment:
      "The JSON Schema of the Open Container Initiative's runtime specification (github.com/opencontainers/runtime-spec, schema/, 1.0.2+118), bundled into one file, its parts for Solaris, Windows and virtual machines left out. Copyright 2015 The Linux Foundation, Apache License 2.0: see NOTICE.",
    title: 'OCI runtime configuration',
    description: 'Open Container Initiative Runtime Specification Container Configuration Schema',
    type: 'object',
    properties: {
      ociVersion: { $ref: '#/definitions/defs_ociVersion' },
      hooks: {
        type: 'object',
        properties: {
          prestart: { $ref: '#/definitions/defs_ArrayOfHooks' },
          createRuntime: { $ref: '#/definitions/defs_ArrayOfHooks' },
          createContainer: { $ref: '#/definitions/defs_ArrayOfHooks' },
          startContainer: { $ref: '#/definitions/defs_ArrayOfHooks' },
          poststart: { $ref: '#/definitions/defs_ArrayOfHooks' },
          poststop: { $ref: '#/definitions/defs_ArrayOfHooks' },
        },
      },
      annotations: { $ref: '#/definitions/defs_annotations' },
      hostname: { type: 'string' },
      domainname: { type: 'string' },
      mounts: { type: 'array', items: { $ref: '#/definitions/defs_Mount' } },
      root: {
        description: "Configures the container's root filesystem.",
        type: 'object',
        required: ['path'],
        properties: { path: { $ref: '#/definitions/defs_FilePath' }, readonly: { type: 'boolean' } },
      },
      process: {
        type: 'object',
        required: ['cwd'],
        properties: {
          args: { $ref: '#/definitions/defs_ArrayOfStrings' },
          commandLine: { type: 'string' },
          consoleSize: {
            type: 'object',
            required: ['height', 'width'],
            properties: {
              height: { $ref: '#/definitions/defs_uint64' },
              width: { $ref: '#/definitions/defs_uint64' },
            },
          },
          cwd: { type: 'string' },
          env: { $ref: '#/definitions/defs_Env' },
          terminal: { type: 'boolean' },
          user: {
            type: 'object',
            properties: {
              uid: { $ref: '#/definitions/defs_UID' },
              gid: { $ref: '#/definitions/defs_GID' },
              umask: { $ref: '#/definitions/defs_Umask' },
              additionalGids: { $ref: '#/definitions/defs_ArrayOfGIDs' },
              username: { type: 'string' },
            },
          },
          capabilities: {
            type: 'object',
            properties: {
              bounding: { $ref: '#/definitions/defs_ArrayOfStrings' },
              permitted: { $ref: '#/definitions/defs_ArrayOfStrings' },
              effective: { $ref: '#/definitions/defs_ArrayOfStrings' },
              inheritable: { $ref: '#/definitions/defs_ArrayOfStrings' },
              ambient: { $ref: '#/definitions/defs_ArrayOfStrings' },
            },
          },
          apparmorProfile: { type: 'string' },
          oomScoreAdj: { type: 'integer' },
          selinuxLabel: { type: 'string' },
          noNewPrivileges: { type: 'boolean' },
          rlimits: {
            type: 'array',
            items: {
              type: 'object',
              required: ['type', 'soft', 'hard'],
              properties: {
                hard: { $ref: '#/definitions/defs_uint64' },
                soft: { $ref: '#/definitions/defs_uint64' },
                type: { type: 'string', pattern: '^RLIMIT_[A-Z]+$' },
              },
            },
          },
        },
      },
      linux: { $ref: '#/definitions/linux_linux' },
    },
    required: ['ociVersion'],
    definitions: {
      defs_ociVersion: {
        description:
          'The version of Open Container Initiative Runtime Specification that the document complies with',
        type: 'string',
      },
      defs_ArrayOfHooks: { type: 'array', items: { $ref: '#/definitions/defs_Hook' } },
      defs_Hook: {
        type: 'object',
        properties: {
          path: { $ref: '#/definitions/defs_FilePath' },
          args: { $ref: '#/definitions/defs_ArrayOfStrings' },
          env: { $ref: '#/definitions/defs_Env' },
          timeout: { type: 'integer', minimum: 1 },
        },
        required: ['path'],
      },
      defs_FilePath: { type: 'string' },
      defs_ArrayOfStrings: { type: 'array', items: { type: 'string' } },
      defs_Env: { $ref: '#/definitions/defs_ArrayOfStrings' },
      defs_annotations: { $ref: '#/definitions/defs_mapStringString' },
      defs_mapStringString: { type: 'object', patternProperties: { '.{1,}': { type: 'string' } } },
      defs_Mount: {
        type: 'object',
        properties: {
          source: { $ref: '#/definitions/defs_FilePath' },
          destination: { $ref: '#/definitions/defs_FilePath' },
          options: { $ref: '#/definitions/defs_ArrayOfStrings' },
          type: { type: 'string' },
          uidMappings: { type: 'array', items: { $ref: '#/definitions/defs_IDMapping' } },
          gidMappings: { type: 'array', items: { $ref: '#/definitions/defs_IDMapping' } },
        },
        required: ['destination'],
      },
      defs_IDMapping: {
        type: 'object',
        properties: {
          containerID: { $ref: '#/definitions/defs_uint32' },
          hostID: { $ref: '#/definitions/defs_uint32' },
          size: { $ref: '#/definitions/defs_uint32' },
        },
        required: ['containerID', 'hostID', 'size'],
      },
      defs_uint32: { type: 'integer', minimum: 0, maximum: 4294967295 },
      defs_uint64: { type: 'integer', minimum: 0, maximum: 18446744073709552e3 },
      defs_UID: { $ref: '#/definitions/defs_uint32' },
      defs_GID: { $ref: '#/definitions/defs_uint32' },
      defs_Umask: { $ref: '#/definitions/defs_uint32' },
      defs_ArrayOfGIDs: { type: 'array', items: { $ref: '#/definitions/defs_GID' } },
      linux_linux: {
        description: 'Linux platform-specific configurations',
        type: 'object',
        properties: {
          devices: { type: 'array', items: { $ref: '#/definitions/defs-linux_Device' } },
          uidMappings: { type: 'array', items: { $ref: '#/definitions/defs_IDMapping' } },
          gidMappings: { type: 'array', items: { $ref: '#/definitions/defs_IDMapping' } },
          namespaces: {
            type: 'array',
            items: { anyOf: [{ $ref: '#/definitions/defs-linux_NamespaceReference' }] },
          },
          resources: {
            type: 'object',
            properties: {
              unified: { $ref: '#/definitions/defs_mapStringString' },
              devices: { type: 'array', items: { $ref: '#/definitions/defs-linux_DeviceCgroup' } },
              pids: {
                type: 'object',
                properties: { limit: { $ref: '#/definitions/defs_int64' } },
                required: ['limit'],
              },
              blockIO: {
                type: 'object',
                properties: {
                  weight: { $ref: '#/definitions/defs-linux_weight' },
                  leafWeight: { $ref: '#/definitions/defs-linux_weight' },
                  throttleReadBpsDevice: {
                    type: 'array',
                    items: { $ref: '#/definitions/defs-linux_blockIODeviceThrottle' },
                  },
                  throttleWriteBpsDevice: {
                    type: 'array',
                    items: { $ref: '#/definitions/defs-linux_blockIODeviceThrottle' },
                  },
                  throttleReadIOPSDevice: {
                    type: 'array',
                    items: { $ref: '#/definitions/defs-linux_blockIODeviceThrottle' },
                  },
                  throttleWriteIOPSDevice: {
                    type: 'array',
                    items: { $ref: '#/definitions/defs-linux_blockIODeviceThrottle' },
                  },
                  weightDevice: {
                    type: 'array',
                    items: { $ref: '#/definitions/defs-linux_blockIODeviceWeight' },
                  },
                },
              },
              cpu: {
                type: 'object',
                properties: {
                  cpus: { type: 'string' },
                  mems: { type: 'string' },
                  period: { $ref: '#/definitions/defs_uint64' },
                  quota: { $ref: '#/definitions/defs_int64' },
                  burst: { $ref: '#/definitions/defs_uint64' },
                  realtimePeriod: { $ref: '#/definitions/defs_uint64' },
                  realtimeRuntime: { $ref: '#/definitions/defs_int64' },
                  shares: { $ref: '#/definitions/defs_uint64' },
                  idle: { $ref: '#/definitions/defs_int64' },
                },
              },
              hugepageLimits: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    pageSize: { type: 'string', pattern: '^[1-9][0-9]*[KMG]B$' },
                    limit: { $ref: '#/definitions/defs_uint64' },
                  },
                  required: ['pageSize', 'limit'],
                },
              },
              memory: {
                type: 'object',
                properties: {
                  kernel: { $ref: '#/definitions/defs_int64' },
                  kernelTCP: { $ref: '#/definitions/defs_int64' },
                  limit: { $ref: '#/definitions/defs_int64' },
                  reservation: { $ref: '#/definitions/defs_int64' },
                  swap: { $ref: '#/definitions/defs_int64' },
                  swappiness: { $ref: '#/definitions/defs_uint64' },
                  disableOOMKiller: { type: 'boolean' },
                  useHierarchy: { type: 'boolean' },
                  checkBeforeUpdate: { type: 'boolean' },
                },
              },
              network: {
                type: 'object',
                properties: {
                  classID: { $ref: '#/definitions/defs_uint32' },
                  priorities: {
                    type: 'array',
                    items: { $ref: '#/definitions/defs-linux_NetworkInterfacePriority' },
                  },
                },
              },
              rdma: { type: 'object', additionalProperties: { $ref: '#/definitions/defs-linux_Rdma' } },
            },
          },
          cgroupsPath: { type: 'string' },
          rootfsPropagation: { $ref: '#/definitions/defs-linux_RootfsPropagation' },
          seccomp: {
            type: 'object',
            properties: {
              defaultAction: { $ref: '#/definitions/defs-linux_SeccompAction' },
              defaultErrnoRet: { $ref: '#/definitions/defs_uint32' },
              flags: { type: 'array', items: { $ref: '#/definitions/defs-linux_SeccompFlag' } },
              listenerPath: { type: 'string' },
              listenerMetadata: { type: 'string' },
              architectures: { type: 'array', items: { $ref: '#/definitions/defs-linux_SeccompArch' } },
              syscalls: { type: 'array', items: { $ref: '#/definitions/defs-linux_Syscall' } },
            },
            required: ['defaultAction'],
          },
          sysctl: { $ref: '#/definitions/defs_mapStringString' },
          maskedPaths: { $ref: '#/definitions/defs_ArrayOfStrings' },
          readonlyPaths: { $ref: '#/definitions/defs_ArrayOfStrings' },
          mountLabel: { type: 'string' },
          intelRdt: {
            type: 'object',
            properties: {
              closID: { type: 'string' },
              l3CacheSchema: { type: 'string' },
              memBwSchema: { type: 'string', pattern: '^MB:[^\\n]*$' },
              enableCMT: { type: 'boolean' },
              enableMBM: { type: 'boolean' },
            },
          },
          personality: { $ref: '#/definitions/defs-linux_Personality' },
        },
      },
      'defs-linux_Device': {
        type: 'object',
        required: ['type', 'path'],
        properties: {
          type: { $ref: '#/definitions/defs-linux_FileType' },
          path: { $ref: '#/definitions/defs_FilePath' },
          fileMode: { $ref: '#/definitions/defs-linux_FileMode' },
          major: { $ref: '#/definitions/defs-linux_Major' },
          minor: { $ref: '#/definitions/defs-linux_Minor' },
          uid: { $ref: '#/definitions/defs_UID' },
          gid: { $ref: '#/definitions/defs_GID' },
        },
      },
      'defs-linux_FileType': {
        description: 'Type of a block or special character device',
        type: 'string',
        pattern: '^[cbup]$',
      },
      'defs-linux_FileMode': {
        description: 'File permissions mode (typically an octal value)',
        type: 'integer',
        minimum: 0,
        maximum: 512,
      },
      'defs-linux_Major': { $ref: '#/definitions/defs_int64' },
      defs_int64: { type: 'integer', minimum: -9223372036854776e3, maximum: 9223372036854776e3 },
      'defs-linux_Minor': { $ref: '#/definitions/defs_int64' },
      'defs-linux_NamespaceReference': {
        type: 'object',
        properties: {
          type: { $ref: '#/definitions/defs-linux_NamespaceType' },
          path: { $ref: '#/definitions/defs_FilePath' },
        },
        required: ['type'],
      },
      'defs-linux_NamespaceType': {
        type: 'string',
        enum: ['mount', 'pid', 'network', 'uts', 'ipc', 'user', 'cgroup'],
      },
      'defs-linux_DeviceCgroup': {
        type: 'object',
        properties: {
          allow: { type: 'boolean' },
          type: { type: 'string' },
          major: { $ref: '#/definitions/defs-linux_Major' },
          minor: { $ref: '#/definitions/defs-linux_Minor' },
          access: { type: 'string' },
        },
        required: ['allow'],
      },
      'defs-linux_weight': { $ref: '#/definitions/defs_uint16' },
      defs_uint16: { type: 'integer', minimum: 0, maximum: 65535 },
      'defs-linux_blockIODeviceThrottle': {
        allOf: [
          { $ref: '#/definitions/defs-linux_blockIODevice' },
          { type: 'object', properties: { rate: { $ref: '#/definitions/defs_uint64' } } },
        ],
      },
      'defs-linux_blockIODevice': {
        type: 'object',
        properties: {
          major: { $ref: '#/definitions/defs-linux_Major' },
          minor: { $ref: '#/definitions/defs-linux_Minor' },
        },
        required: ['major', 'minor'],
      },
      'defs-linux_blockIODeviceWeight': {
        type: 'object',
        allOf: [
          { $ref: '#/definitions/defs-linux_blockIODevice' },
          {
            type: 'object',
            properties: {
              weight: { $ref: '#/definitions/defs-linux_weight' },
              leafWeight: { $ref: '#/definitions/defs-linux_weight' },
            },
          },
        ],
      },
      'defs-linux_NetworkInterfacePriority': {
        type: 'object',
        properties: { name: { type: 'string' }, priority: { $ref: '#/definitions/defs_uint32' } },
        required: ['name', 'priority'],
      },
      'defs-linux_Rdma': {
        type: 'object',
        properties: {
          hcaHandles: { $ref: '#/definitions/defs_uint32' },
          hcaObjects: { $ref: '#/definitions/defs_uint32' },
        },
      },
      'defs-linux_RootfsPropagation': { type: 'string', enum: ['private', 'shared', 'slave', 'unbindable'] },
      'defs-linux_SeccompAction': {
        type: 'string',
        enum: [
          'SCMP_ACT_KILL',
          'SCMP_ACT_KILL_PROCESS',
          'SCMP_ACT_KILL_THREAD',
          'SCMP_ACT_TRAP',
          'SCMP_ACT_ERRNO',
          'SCMP_ACT_TRACE',
          'SCMP_ACT_ALLOW',
          'SCMP_ACT_LOG',
          'SCMP_ACT_NOTIFY',
        ],
      },
      'defs-linux_SeccompFlag': {
        type: 'string',
        enum: [
          'SECCOMP_FILTER_FLAG_TSYNC',
          'SECCOMP_FILTER_FLAG_LOG',
          'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
          'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
        ],
      },
      'defs-linux_SeccompArch': {
        type: 'string',
        enum: [
          'SCMP_ARCH_X86',
          'SCMP_ARCH_X86_64',
          'SCMP_ARCH_X32',
          'SCMP_ARCH_ARM',
          'SCMP_ARCH_AARCH64',
          'SCMP_ARCH_MIPS',
          'SCMP_ARCH_MIPS64',
          'SCMP_ARCH_MIPS64N32',
          'SCMP_ARCH_MIPSEL',
          'SCMP_ARCH_MIPSEL64',
          'SCMP_ARCH_MIPSEL64N32',
          'SCMP_ARCH_PPC',
          'SCMP_ARCH_PPC64',
          'SCMP_ARCH_PPC64LE',
          'SCMP_ARCH_S390',
          'SCMP_ARCH_S390X',
          'SCMP_ARCH_PARISC',
          'SCMP_ARCH_PARISC64',
          'SCMP_ARCH_RISCV64',
        ],
      },
      'defs-linux_Syscall': {
        type: 'object',
        properties: {
          names: { type: 'array', items: { type: 'string' }, minItems: 1 },
          action: { $ref: '#/definitions/defs-linux_SeccompAction' },
          errnoRet: { $ref: '#/definitions/defs_uint32' },
          args: { type: 'array', items: { $ref: '#/definitions/defs-linux_SyscallArg' } },
        },
        required: ['names', 'action'],
      },
      'defs-linux_SyscallArg': {
        type: 'object',
        properties: {
          index: { $ref: '#/definitions/defs_uint32' },
          value: { $ref: '#/definitions/defs_uint64' },
          valueTwo: { $ref: '#/definitions/defs_uint64' },
          op: { $ref: '#/definitions/defs-linux_SeccompOperators' },
        },
        required: ['index', 'value', 'op'],
      },
      'defs-linux_SeccompOperators': {
        type: 'string',
        enum: [
          'SCMP_CMP_NE',
          'SCMP_CMP_LT',
          'SCMP_CMP_LE',
          'SCMP_CMP_EQ',
          'SCMP_CMP_GE',
          'SCMP_CMP_GT',
          'SCMP_CMP_MASKED_EQ',
        ],
      },
      'defs-linux_Personality': {
        type: 'object',
        properties: {
          domain: { $ref: '#/definitions/defs-linux_PersonalityDomain' },
          flags: { $ref: '#/definitions/defs_ArrayOfStrings' },
        },
      },
      'defs-linux_PersonalityDomain': { type: 'string', enum: ['LINUX', 'LINUX32'] },
    },
  },
  schema12 = {
    description:
      'The version of Open Container Initiative Runtime Specification that the document complies with',
    type: 'string',
  },
  schema18 = { type: 'object', patternProperties: { '.{1,}': { type: 'string' } } },
  schema15 = { type: 'string' },
  schema16 = { type: 'array', items: { type: 'string' } },
  schema29 = { type: 'integer', minimum: 0, maximum: 18446744073709552e3 },
  schema24 = { type: 'integer', minimum: 0, maximum: 4294967295 },
  schema13 = { type: 'array', items: { $ref: '#/definitions/defs_Hook' } },
  schema14 = {
    type: 'object',
    properties: {
      path: { $ref: '#/definitions/defs_FilePath' },
      args: { $ref: '#/definitions/defs_ArrayOfStrings' },
      env: { $ref: '#/definitions/defs_Env' },
      timeout: { type: 'integer', minimum: 1 },
    },
    required: ['path'],
  };
function validate12(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.path === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'path' },
        message: "must have required property 'path'",
        schema: schema14.required,
        parentSchema: schema14,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.path !== void 0) {
      let data0 = data.path;
      if (typeof data0 != 'string') {
        let err1 = {
          instancePath: instancePath + '/path',
          schemaPath: '#/definitions/defs_FilePath/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema15.type,
          parentSchema: schema15,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
      }
    }
    if (data.args !== void 0) {
      let data1 = data.args;
      if (Array.isArray(data1)) {
        let len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          if (typeof data2 != 'string') {
            let err2 = {
              instancePath: instancePath + '/args/' + i0,
              schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema16.items.type,
              parentSchema: schema16.items,
              data: data2,
            };
            (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
          }
        }
      } else {
        let err3 = {
          instancePath: instancePath + '/args',
          schemaPath: '#/definitions/defs_ArrayOfStrings/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema16.type,
          parentSchema: schema16,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
      }
    }
    if (data.env !== void 0) {
      let data3 = data.env;
      if (Array.isArray(data3)) {
        let len1 = data3.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data4 = data3[i1];
          if (typeof data4 != 'string') {
            let err4 = {
              instancePath: instancePath + '/env/' + i1,
              schemaPath: '#/definitions/defs_Env/items/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema16.items.type,
              parentSchema: schema16.items,
              data: data4,
            };
            (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
          }
        }
      } else {
        let err5 = {
          instancePath: instancePath + '/env',
          schemaPath: '#/definitions/defs_Env/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema16.type,
          parentSchema: schema16,
          data: data3,
        };
        (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
      }
    }
    if (data.timeout !== void 0) {
      let data5 = data.timeout;
      if (!(typeof data5 == 'number' && !(data5 % 1) && !isNaN(data5))) {
        let err6 = {
          instancePath: instancePath + '/timeout',
          schemaPath: '#/properties/timeout/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema14.properties.timeout.type,
          parentSchema: schema14.properties.timeout,
          data: data5,
        };
        (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
      }
      if (typeof data5 == 'number' && (data5 < 1 || isNaN(data5))) {
        let err7 = {
          instancePath: instancePath + '/timeout',
          schemaPath: '#/properties/timeout/minimum',
          keyword: 'minimum',
          params: { comparison: '>=', limit: 1 },
          message: 'must be >= 1',
          schema: 1,
          parentSchema: schema14.properties.timeout,
          data: data5,
        };
        (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
      }
    }
  } else {
    let err8 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema14.type,
      parentSchema: schema14,
      data,
    };
    (vErrors === null ? (vErrors = [err8]) : vErrors.push(err8), errors++);
  }
  return ((validate12.errors = vErrors), errors === 0);
}
function validate11(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (Array.isArray(data)) {
    let len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++)
      validate12(data[i0], {
        instancePath: instancePath + '/' + i0,
        parentData: data,
        parentDataProperty: i0,
        rootData,
      }) ||
        ((vErrors = vErrors === null ? validate12.errors : vErrors.concat(validate12.errors)),
        (errors = vErrors.length));
  } else {
    let err0 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'array' },
      message: 'must be array',
      schema: schema13.type,
      parentSchema: schema13,
      data,
    };
    (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
  }
  return ((validate11.errors = vErrors), errors === 0);
}
var schema19 = {
    type: 'object',
    properties: {
      source: { $ref: '#/definitions/defs_FilePath' },
      destination: { $ref: '#/definitions/defs_FilePath' },
      options: { $ref: '#/definitions/defs_ArrayOfStrings' },
      type: { type: 'string' },
      uidMappings: { type: 'array', items: { $ref: '#/definitions/defs_IDMapping' } },
      gidMappings: { type: 'array', items: { $ref: '#/definitions/defs_IDMapping' } },
    },
    required: ['destination'],
  },
  schema23 = {
    type: 'object',
    properties: {
      containerID: { $ref: '#/definitions/defs_uint32' },
      hostID: { $ref: '#/definitions/defs_uint32' },
      size: { $ref: '#/definitions/defs_uint32' },
    },
    required: ['containerID', 'hostID', 'size'],
  };
function validate21(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.containerID === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'containerID' },
        message: "must have required property 'containerID'",
        schema: schema23.required,
        parentSchema: schema23,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.hostID === void 0) {
      let err1 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'hostID' },
        message: "must have required property 'hostID'",
        schema: schema23.required,
        parentSchema: schema23,
        data,
      };
      (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
    }
    if (data.size === void 0) {
      let err2 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'size' },
        message: "must have required property 'size'",
        schema: schema23.required,
        parentSchema: schema23,
        data,
      };
      (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
    }
    if (data.containerID !== void 0) {
      let data0 = data.containerID;
      if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0))) {
        let err3 = {
          instancePath: instancePath + '/containerID',
          schemaPath: '#/definitions/defs_uint32/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
      }
      if (typeof data0 == 'number') {
        if (data0 > 4294967295 || isNaN(data0)) {
          let err4 = {
            instancePath: instancePath + '/containerID',
            schemaPath: '#/definitions/defs_uint32/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
        }
        if (data0 < 0 || isNaN(data0)) {
          let err5 = {
            instancePath: instancePath + '/containerID',
            schemaPath: '#/definitions/defs_uint32/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
        }
      }
    }
    if (data.hostID !== void 0) {
      let data1 = data.hostID;
      if (!(typeof data1 == 'number' && !(data1 % 1) && !isNaN(data1))) {
        let err6 = {
          instancePath: instancePath + '/hostID',
          schemaPath: '#/definitions/defs_uint32/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
      }
      if (typeof data1 == 'number') {
        if (data1 > 4294967295 || isNaN(data1)) {
          let err7 = {
            instancePath: instancePath + '/hostID',
            schemaPath: '#/definitions/defs_uint32/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
        }
        if (data1 < 0 || isNaN(data1)) {
          let err8 = {
            instancePath: instancePath + '/hostID',
            schemaPath: '#/definitions/defs_uint32/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err8]) : vErrors.push(err8), errors++);
        }
      }
    }
    if (data.size !== void 0) {
      let data2 = data.size;
      if (!(typeof data2 == 'number' && !(data2 % 1) && !isNaN(data2))) {
        let err9 = {
          instancePath: instancePath + '/size',
          schemaPath: '#/definitions/defs_uint32/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data2,
        };
        (vErrors === null ? (vErrors = [err9]) : vErrors.push(err9), errors++);
      }
      if (typeof data2 == 'number') {
        if (data2 > 4294967295 || isNaN(data2)) {
          let err10 = {
            instancePath: instancePath + '/size',
            schemaPath: '#/definitions/defs_uint32/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data2,
          };
          (vErrors === null ? (vErrors = [err10]) : vErrors.push(err10), errors++);
        }
        if (data2 < 0 || isNaN(data2)) {
          let err11 = {
            instancePath: instancePath + '/size',
            schemaPath: '#/definitions/defs_uint32/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data2,
          };
          (vErrors === null ? (vErrors = [err11]) : vErrors.push(err11), errors++);
        }
      }
    }
  } else {
    let err12 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema23.type,
      parentSchema: schema23,
      data,
    };
    (vErrors === null ? (vErrors = [err12]) : vErrors.push(err12), errors++);
  }
  return ((validate21.errors = vErrors), errors === 0);
}
function validate20(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.destination === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'destination' },
        message: "must have required property 'destination'",
        schema: schema19.required,
        parentSchema: schema19,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.source !== void 0) {
      let data0 = data.source;
      if (typeof data0 != 'string') {
        let err1 = {
          instancePath: instancePath + '/source',
          schemaPath: '#/definitions/defs_FilePath/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema15.type,
          parentSchema: schema15,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
      }
    }
    if (data.destination !== void 0) {
      let data1 = data.destination;
      if (typeof data1 != 'string') {
        let err2 = {
          instancePath: instancePath + '/destination',
          schemaPath: '#/definitions/defs_FilePath/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema15.type,
          parentSchema: schema15,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
      }
    }
    if (data.options !== void 0) {
      let data2 = data.options;
      if (Array.isArray(data2)) {
        let len0 = data2.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data3 = data2[i0];
          if (typeof data3 != 'string') {
            let err3 = {
              instancePath: instancePath + '/options/' + i0,
              schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema16.items.type,
              parentSchema: schema16.items,
              data: data3,
            };
            (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
          }
        }
      } else {
        let err4 = {
          instancePath: instancePath + '/options',
          schemaPath: '#/definitions/defs_ArrayOfStrings/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema16.type,
          parentSchema: schema16,
          data: data2,
        };
        (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
      }
    }
    if (data.type !== void 0) {
      let data4 = data.type;
      if (typeof data4 != 'string') {
        let err5 = {
          instancePath: instancePath + '/type',
          schemaPath: '#/properties/type/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema19.properties.type.type,
          parentSchema: schema19.properties.type,
          data: data4,
        };
        (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
      }
    }
    if (data.uidMappings !== void 0) {
      let data5 = data.uidMappings;
      if (Array.isArray(data5)) {
        let len1 = data5.length;
        for (let i1 = 0; i1 < len1; i1++)
          validate21(data5[i1], {
            instancePath: instancePath + '/uidMappings/' + i1,
            parentData: data5,
            parentDataProperty: i1,
            rootData,
          }) ||
            ((vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors)),
            (errors = vErrors.length));
      } else {
        let err6 = {
          instancePath: instancePath + '/uidMappings',
          schemaPath: '#/properties/uidMappings/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema19.properties.uidMappings.type,
          parentSchema: schema19.properties.uidMappings,
          data: data5,
        };
        (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
      }
    }
    if (data.gidMappings !== void 0) {
      let data7 = data.gidMappings;
      if (Array.isArray(data7)) {
        let len2 = data7.length;
        for (let i2 = 0; i2 < len2; i2++)
          validate21(data7[i2], {
            instancePath: instancePath + '/gidMappings/' + i2,
            parentData: data7,
            parentDataProperty: i2,
            rootData,
          }) ||
            ((vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors)),
            (errors = vErrors.length));
      } else {
        let err7 = {
          instancePath: instancePath + '/gidMappings',
          schemaPath: '#/properties/gidMappings/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema19.properties.gidMappings.type,
          parentSchema: schema19.properties.gidMappings,
          data: data7,
        };
        (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
      }
    }
  } else {
    let err8 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema19.type,
      parentSchema: schema19,
      data,
    };
    (vErrors === null ? (vErrors = [err8]) : vErrors.push(err8), errors++);
  }
  return ((validate20.errors = vErrors), errors === 0);
}
var schema35 = { type: 'array', items: { $ref: '#/definitions/defs_GID' } };
function validate25(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (Array.isArray(data)) {
    let len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++) {
      let data0 = data[i0];
      if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0))) {
        let err0 = {
          instancePath: instancePath + '/' + i0,
          schemaPath: '#/definitions/defs_GID/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
      }
      if (typeof data0 == 'number') {
        if (data0 > 4294967295 || isNaN(data0)) {
          let err1 = {
            instancePath: instancePath + '/' + i0,
            schemaPath: '#/definitions/defs_GID/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
        }
        if (data0 < 0 || isNaN(data0)) {
          let err2 = {
            instancePath: instancePath + '/' + i0,
            schemaPath: '#/definitions/defs_GID/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
        }
      }
    }
  } else {
    let err3 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'array' },
      message: 'must be array',
      schema: schema35.type,
      parentSchema: schema35,
      data,
    };
    (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
  }
  return ((validate25.errors = vErrors), errors === 0);
}
var schema44 = {
    description: 'Linux platform-specific configurations',
    type: 'object',
    properties: {
      devices: { type: 'array', items: { $ref: '#/definitions/defs-linux_Device' } },
      uidMappings: { type: 'array', items: { $ref: '#/definitions/defs_IDMapping' } },
      gidMappings: { type: 'array', items: { $ref: '#/definitions/defs_IDMapping' } },
      namespaces: {
        type: 'array',
        items: { anyOf: [{ $ref: '#/definitions/defs-linux_NamespaceReference' }] },
      },
      resources: {
        type: 'object',
        properties: {
          unified: { $ref: '#/definitions/defs_mapStringString' },
          devices: { type: 'array', items: { $ref: '#/definitions/defs-linux_DeviceCgroup' } },
          pids: {
            type: 'object',
            properties: { limit: { $ref: '#/definitions/defs_int64' } },
            required: ['limit'],
          },
          blockIO: {
            type: 'object',
            properties: {
              weight: { $ref: '#/definitions/defs-linux_weight' },
              leafWeight: { $ref: '#/definitions/defs-linux_weight' },
              throttleReadBpsDevice: {
                type: 'array',
                items: { $ref: '#/definitions/defs-linux_blockIODeviceThrottle' },
              },
              throttleWriteBpsDevice: {
                type: 'array',
                items: { $ref: '#/definitions/defs-linux_blockIODeviceThrottle' },
              },
              throttleReadIOPSDevice: {
                type: 'array',
                items: { $ref: '#/definitions/defs-linux_blockIODeviceThrottle' },
              },
              throttleWriteIOPSDevice: {
                type: 'array',
                items: { $ref: '#/definitions/defs-linux_blockIODeviceThrottle' },
              },
              weightDevice: {
                type: 'array',
                items: { $ref: '#/definitions/defs-linux_blockIODeviceWeight' },
              },
            },
          },
          cpu: {
            type: 'object',
            properties: {
              cpus: { type: 'string' },
              mems: { type: 'string' },
              period: { $ref: '#/definitions/defs_uint64' },
              quota: { $ref: '#/definitions/defs_int64' },
              burst: { $ref: '#/definitions/defs_uint64' },
              realtimePeriod: { $ref: '#/definitions/defs_uint64' },
              realtimeRuntime: { $ref: '#/definitions/defs_int64' },
              shares: { $ref: '#/definitions/defs_uint64' },
              idle: { $ref: '#/definitions/defs_int64' },
            },
          },
          hugepageLimits: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                pageSize: { type: 'string', pattern: '^[1-9][0-9]*[KMG]B$' },
                limit: { $ref: '#/definitions/defs_uint64' },
              },
              required: ['pageSize', 'limit'],
            },
          },
          memory: {
            type: 'object',
            properties: {
              kernel: { $ref: '#/definitions/defs_int64' },
              kernelTCP: { $ref: '#/definitions/defs_int64' },
              limit: { $ref: '#/definitions/defs_int64' },
              reservation: { $ref: '#/definitions/defs_int64' },
              swap: { $ref: '#/definitions/defs_int64' },
              swappiness: { $ref: '#/definitions/defs_uint64' },
              disableOOMKiller: { type: 'boolean' },
              useHierarchy: { type: 'boolean' },
              checkBeforeUpdate: { type: 'boolean' },
            },
          },
          network: {
            type: 'object',
            properties: {
              classID: { $ref: '#/definitions/defs_uint32' },
              priorities: {
                type: 'array',
                items: { $ref: '#/definitions/defs-linux_NetworkInterfacePriority' },
              },
            },
          },
          rdma: { type: 'object', additionalProperties: { $ref: '#/definitions/defs-linux_Rdma' } },
        },
      },
      cgroupsPath: { type: 'string' },
      rootfsPropagation: { $ref: '#/definitions/defs-linux_RootfsPropagation' },
      seccomp: {
        type: 'object',
        properties: {
          defaultAction: { $ref: '#/definitions/defs-linux_SeccompAction' },
          defaultErrnoRet: { $ref: '#/definitions/defs_uint32' },
          flags: { type: 'array', items: { $ref: '#/definitions/defs-linux_SeccompFlag' } },
          listenerPath: { type: 'string' },
          listenerMetadata: { type: 'string' },
          architectures: { type: 'array', items: { $ref: '#/definitions/defs-linux_SeccompArch' } },
          syscalls: { type: 'array', items: { $ref: '#/definitions/defs-linux_Syscall' } },
        },
        required: ['defaultAction'],
      },
      sysctl: { $ref: '#/definitions/defs_mapStringString' },
      maskedPaths: { $ref: '#/definitions/defs_ArrayOfStrings' },
      readonlyPaths: { $ref: '#/definitions/defs_ArrayOfStrings' },
      mountLabel: { type: 'string' },
      intelRdt: {
        type: 'object',
        properties: {
          closID: { type: 'string' },
          l3CacheSchema: { type: 'string' },
          memBwSchema: { type: 'string', pattern: '^MB:[^\\n]*$' },
          enableCMT: { type: 'boolean' },
          enableMBM: { type: 'boolean' },
        },
      },
      personality: { $ref: '#/definitions/defs-linux_Personality' },
    },
  },
  schema49 = { type: 'integer', minimum: -9223372036854776e3, maximum: 9223372036854776e3 },
  schema61 = { type: 'integer', minimum: 0, maximum: 65535 },
  schema91 = { type: 'string', enum: ['private', 'shared', 'slave', 'unbindable'] },
  schema92 = {
    type: 'string',
    enum: [
      'SCMP_ACT_KILL',
      'SCMP_ACT_KILL_PROCESS',
      'SCMP_ACT_KILL_THREAD',
      'SCMP_ACT_TRAP',
      'SCMP_ACT_ERRNO',
      'SCMP_ACT_TRACE',
      'SCMP_ACT_ALLOW',
      'SCMP_ACT_LOG',
      'SCMP_ACT_NOTIFY',
    ],
  },
  schema94 = {
    type: 'string',
    enum: [
      'SECCOMP_FILTER_FLAG_TSYNC',
      'SECCOMP_FILTER_FLAG_LOG',
      'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
      'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
    ],
  },
  schema95 = {
    type: 'string',
    enum: [
      'SCMP_ARCH_X86',
      'SCMP_ARCH_X86_64',
      'SCMP_ARCH_X32',
      'SCMP_ARCH_ARM',
      'SCMP_ARCH_AARCH64',
      'SCMP_ARCH_MIPS',
      'SCMP_ARCH_MIPS64',
      'SCMP_ARCH_MIPS64N32',
      'SCMP_ARCH_MIPSEL',
      'SCMP_ARCH_MIPSEL64',
      'SCMP_ARCH_MIPSEL64N32',
      'SCMP_ARCH_PPC',
      'SCMP_ARCH_PPC64',
      'SCMP_ARCH_PPC64LE',
      'SCMP_ARCH_S390',
      'SCMP_ARCH_S390X',
      'SCMP_ARCH_PARISC',
      'SCMP_ARCH_PARISC64',
      'SCMP_ARCH_RISCV64',
    ],
  },
  schema45 = {
    type: 'object',
    required: ['type', 'path'],
    properties: {
      type: { $ref: '#/definitions/defs-linux_FileType' },
      path: { $ref: '#/definitions/defs_FilePath' },
      fileMode: { $ref: '#/definitions/defs-linux_FileMode' },
      major: { $ref: '#/definitions/defs-linux_Major' },
      minor: { $ref: '#/definitions/defs-linux_Minor' },
      uid: { $ref: '#/definitions/defs_UID' },
      gid: { $ref: '#/definitions/defs_GID' },
    },
  },
  schema46 = {
    description: 'Type of a block or special character device',
    type: 'string',
    pattern: '^[cbup]$',
  },
  schema48 = {
    description: 'File permissions mode (typically an octal value)',
    type: 'integer',
    minimum: 0,
    maximum: 512,
  },
  pattern2 = new RegExp('^[cbup]$', 'u');
function validate28(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.type === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'type' },
        message: "must have required property 'type'",
        schema: schema45.required,
        parentSchema: schema45,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.path === void 0) {
      let err1 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'path' },
        message: "must have required property 'path'",
        schema: schema45.required,
        parentSchema: schema45,
        data,
      };
      (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
    }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 == 'string') {
        if (!pattern2.test(data0)) {
          let err2 = {
            instancePath: instancePath + '/type',
            schemaPath: '#/definitions/defs-linux_FileType/pattern',
            keyword: 'pattern',
            params: { pattern: '^[cbup]$' },
            message: 'must match pattern "^[cbup]$"',
            schema: '^[cbup]$',
            parentSchema: schema46,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
        }
      } else {
        let err3 = {
          instancePath: instancePath + '/type',
          schemaPath: '#/definitions/defs-linux_FileType/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema46.type,
          parentSchema: schema46,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
      }
    }
    if (data.path !== void 0) {
      let data1 = data.path;
      if (typeof data1 != 'string') {
        let err4 = {
          instancePath: instancePath + '/path',
          schemaPath: '#/definitions/defs_FilePath/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema15.type,
          parentSchema: schema15,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
      }
    }
    if (data.fileMode !== void 0) {
      let data2 = data.fileMode;
      if (!(typeof data2 == 'number' && !(data2 % 1) && !isNaN(data2))) {
        let err5 = {
          instancePath: instancePath + '/fileMode',
          schemaPath: '#/definitions/defs-linux_FileMode/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema48.type,
          parentSchema: schema48,
          data: data2,
        };
        (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
      }
      if (typeof data2 == 'number') {
        if (data2 > 512 || isNaN(data2)) {
          let err6 = {
            instancePath: instancePath + '/fileMode',
            schemaPath: '#/definitions/defs-linux_FileMode/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 512 },
            message: 'must be <= 512',
            schema: 512,
            parentSchema: schema48,
            data: data2,
          };
          (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
        }
        if (data2 < 0 || isNaN(data2)) {
          let err7 = {
            instancePath: instancePath + '/fileMode',
            schemaPath: '#/definitions/defs-linux_FileMode/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema48,
            data: data2,
          };
          (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
        }
      }
    }
    if (data.major !== void 0) {
      let data3 = data.major;
      if (!(typeof data3 == 'number' && !(data3 % 1) && !isNaN(data3))) {
        let err8 = {
          instancePath: instancePath + '/major',
          schemaPath: '#/definitions/defs-linux_Major/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema49.type,
          parentSchema: schema49,
          data: data3,
        };
        (vErrors === null ? (vErrors = [err8]) : vErrors.push(err8), errors++);
      }
      if (typeof data3 == 'number') {
        if (data3 > 9223372036854776e3 || isNaN(data3)) {
          let err9 = {
            instancePath: instancePath + '/major',
            schemaPath: '#/definitions/defs-linux_Major/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 9223372036854776e3 },
            message: 'must be <= 9223372036854776000',
            schema: 9223372036854776e3,
            parentSchema: schema49,
            data: data3,
          };
          (vErrors === null ? (vErrors = [err9]) : vErrors.push(err9), errors++);
        }
        if (data3 < -9223372036854776e3 || isNaN(data3)) {
          let err10 = {
            instancePath: instancePath + '/major',
            schemaPath: '#/definitions/defs-linux_Major/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: -9223372036854776e3 },
            message: 'must be >= -9223372036854776000',
            schema: -9223372036854776e3,
            parentSchema: schema49,
            data: data3,
          };
          (vErrors === null ? (vErrors = [err10]) : vErrors.push(err10), errors++);
        }
      }
    }
    if (data.minor !== void 0) {
      let data4 = data.minor;
      if (!(typeof data4 == 'number' && !(data4 % 1) && !isNaN(data4))) {
        let err11 = {
          instancePath: instancePath + '/minor',
          schemaPath: '#/definitions/defs-linux_Minor/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema49.type,
          parentSchema: schema49,
          data: data4,
        };
        (vErrors === null ? (vErrors = [err11]) : vErrors.push(err11), errors++);
      }
      if (typeof data4 == 'number') {
        if (data4 > 9223372036854776e3 || isNaN(data4)) {
          let err12 = {
            instancePath: instancePath + '/minor',
            schemaPath: '#/definitions/defs-linux_Minor/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 9223372036854776e3 },
            message: 'must be <= 9223372036854776000',
            schema: 9223372036854776e3,
            parentSchema: schema49,
            data: data4,
          };
          (vErrors === null ? (vErrors = [err12]) : vErrors.push(err12), errors++);
        }
        if (data4 < -9223372036854776e3 || isNaN(data4)) {
          let err13 = {
            instancePath: instancePath + '/minor',
            schemaPath: '#/definitions/defs-linux_Minor/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: -9223372036854776e3 },
            message: 'must be >= -9223372036854776000',
            schema: -9223372036854776e3,
            parentSchema: schema49,
            data: data4,
          };
          (vErrors === null ? (vErrors = [err13]) : vErrors.push(err13), errors++);
        }
      }
    }
    if (data.uid !== void 0) {
      let data5 = data.uid;
      if (!(typeof data5 == 'number' && !(data5 % 1) && !isNaN(data5))) {
        let err14 = {
          instancePath: instancePath + '/uid',
          schemaPath: '#/definitions/defs_UID/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data5,
        };
        (vErrors === null ? (vErrors = [err14]) : vErrors.push(err14), errors++);
      }
      if (typeof data5 == 'number') {
        if (data5 > 4294967295 || isNaN(data5)) {
          let err15 = {
            instancePath: instancePath + '/uid',
            schemaPath: '#/definitions/defs_UID/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data5,
          };
          (vErrors === null ? (vErrors = [err15]) : vErrors.push(err15), errors++);
        }
        if (data5 < 0 || isNaN(data5)) {
          let err16 = {
            instancePath: instancePath + '/uid',
            schemaPath: '#/definitions/defs_UID/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data5,
          };
          (vErrors === null ? (vErrors = [err16]) : vErrors.push(err16), errors++);
        }
      }
    }
    if (data.gid !== void 0) {
      let data6 = data.gid;
      if (!(typeof data6 == 'number' && !(data6 % 1) && !isNaN(data6))) {
        let err17 = {
          instancePath: instancePath + '/gid',
          schemaPath: '#/definitions/defs_GID/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data6,
        };
        (vErrors === null ? (vErrors = [err17]) : vErrors.push(err17), errors++);
      }
      if (typeof data6 == 'number') {
        if (data6 > 4294967295 || isNaN(data6)) {
          let err18 = {
            instancePath: instancePath + '/gid',
            schemaPath: '#/definitions/defs_GID/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data6,
          };
          (vErrors === null ? (vErrors = [err18]) : vErrors.push(err18), errors++);
        }
        if (data6 < 0 || isNaN(data6)) {
          let err19 = {
            instancePath: instancePath + '/gid',
            schemaPath: '#/definitions/defs_GID/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data6,
          };
          (vErrors === null ? (vErrors = [err19]) : vErrors.push(err19), errors++);
        }
      }
    }
  } else {
    let err20 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema45.type,
      parentSchema: schema45,
      data,
    };
    (vErrors === null ? (vErrors = [err20]) : vErrors.push(err20), errors++);
  }
  return ((validate28.errors = vErrors), errors === 0);
}
var schema53 = {
    type: 'object',
    properties: {
      type: { $ref: '#/definitions/defs-linux_NamespaceType' },
      path: { $ref: '#/definitions/defs_FilePath' },
    },
    required: ['type'],
  },
  schema54 = { type: 'string', enum: ['mount', 'pid', 'network', 'uts', 'ipc', 'user', 'cgroup'] };
function validate32(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.type === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'type' },
        message: "must have required property 'type'",
        schema: schema53.required,
        parentSchema: schema53,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 != 'string') {
        let err1 = {
          instancePath: instancePath + '/type',
          schemaPath: '#/definitions/defs-linux_NamespaceType/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema54.type,
          parentSchema: schema54,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
      }
      if (!(
        data0 === 'mount' ||
        data0 === 'pid' ||
        data0 === 'network' ||
        data0 === 'uts' ||
        data0 === 'ipc' ||
        data0 === 'user' ||
        data0 === 'cgroup'
      )) {
        let err2 = {
          instancePath: instancePath + '/type',
          schemaPath: '#/definitions/defs-linux_NamespaceType/enum',
          keyword: 'enum',
          params: { allowedValues: schema54.enum },
          message: 'must be equal to one of the allowed values',
          schema: schema54.enum,
          parentSchema: schema54,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
      }
    }
    if (data.path !== void 0) {
      let data1 = data.path;
      if (typeof data1 != 'string') {
        let err3 = {
          instancePath: instancePath + '/path',
          schemaPath: '#/definitions/defs_FilePath/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema15.type,
          parentSchema: schema15,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
      }
    }
  } else {
    let err4 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema53.type,
      parentSchema: schema53,
      data,
    };
    (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
  }
  return ((validate32.errors = vErrors), errors === 0);
}
var schema57 = {
  type: 'object',
  properties: {
    allow: { type: 'boolean' },
    type: { type: 'string' },
    major: { $ref: '#/definitions/defs-linux_Major' },
    minor: { $ref: '#/definitions/defs-linux_Minor' },
    access: { type: 'string' },
  },
  required: ['allow'],
};
function validate34(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.allow === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'allow' },
        message: "must have required property 'allow'",
        schema: schema57.required,
        parentSchema: schema57,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.allow !== void 0) {
      let data0 = data.allow;
      if (typeof data0 != 'boolean') {
        let err1 = {
          instancePath: instancePath + '/allow',
          schemaPath: '#/properties/allow/type',
          keyword: 'type',
          params: { type: 'boolean' },
          message: 'must be boolean',
          schema: schema57.properties.allow.type,
          parentSchema: schema57.properties.allow,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
      }
    }
    if (data.type !== void 0) {
      let data1 = data.type;
      if (typeof data1 != 'string') {
        let err2 = {
          instancePath: instancePath + '/type',
          schemaPath: '#/properties/type/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema57.properties.type.type,
          parentSchema: schema57.properties.type,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
      }
    }
    if (data.major !== void 0) {
      let data2 = data.major;
      if (!(typeof data2 == 'number' && !(data2 % 1) && !isNaN(data2))) {
        let err3 = {
          instancePath: instancePath + '/major',
          schemaPath: '#/definitions/defs-linux_Major/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema49.type,
          parentSchema: schema49,
          data: data2,
        };
        (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
      }
      if (typeof data2 == 'number') {
        if (data2 > 9223372036854776e3 || isNaN(data2)) {
          let err4 = {
            instancePath: instancePath + '/major',
            schemaPath: '#/definitions/defs-linux_Major/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 9223372036854776e3 },
            message: 'must be <= 9223372036854776000',
            schema: 9223372036854776e3,
            parentSchema: schema49,
            data: data2,
          };
          (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
        }
        if (data2 < -9223372036854776e3 || isNaN(data2)) {
          let err5 = {
            instancePath: instancePath + '/major',
            schemaPath: '#/definitions/defs-linux_Major/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: -9223372036854776e3 },
            message: 'must be >= -9223372036854776000',
            schema: -9223372036854776e3,
            parentSchema: schema49,
            data: data2,
          };
          (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
        }
      }
    }
    if (data.minor !== void 0) {
      let data3 = data.minor;
      if (!(typeof data3 == 'number' && !(data3 % 1) && !isNaN(data3))) {
        let err6 = {
          instancePath: instancePath + '/minor',
          schemaPath: '#/definitions/defs-linux_Minor/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema49.type,
          parentSchema: schema49,
          data: data3,
        };
        (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
      }
      if (typeof data3 == 'number') {
        if (data3 > 9223372036854776e3 || isNaN(data3)) {
          let err7 = {
            instancePath: instancePath + '/minor',
            schemaPath: '#/definitions/defs-linux_Minor/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 9223372036854776e3 },
            message: 'must be <= 9223372036854776000',
            schema: 9223372036854776e3,
            parentSchema: schema49,
            data: data3,
          };
          (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
        }
        if (data3 < -9223372036854776e3 || isNaN(data3)) {
          let err8 = {
            instancePath: instancePath + '/minor',
            schemaPath: '#/definitions/defs-linux_Minor/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: -9223372036854776e3 },
            message: 'must be >= -9223372036854776000',
            schema: -9223372036854776e3,
            parentSchema: schema49,
            data: data3,
          };
          (vErrors === null ? (vErrors = [err8]) : vErrors.push(err8), errors++);
        }
      }
    }
    if (data.access !== void 0) {
      let data4 = data.access;
      if (typeof data4 != 'string') {
        let err9 = {
          instancePath: instancePath + '/access',
          schemaPath: '#/properties/access/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema57.properties.access.type,
          parentSchema: schema57.properties.access,
          data: data4,
        };
        (vErrors === null ? (vErrors = [err9]) : vErrors.push(err9), errors++);
      }
    }
  } else {
    let err10 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema57.type,
      parentSchema: schema57,
      data,
    };
    (vErrors === null ? (vErrors = [err10]) : vErrors.push(err10), errors++);
  }
  return ((validate34.errors = vErrors), errors === 0);
}
var schema63 = {
    allOf: [
      { $ref: '#/definitions/defs-linux_blockIODevice' },
      { type: 'object', properties: { rate: { $ref: '#/definitions/defs_uint64' } } },
    ],
  },
  schema64 = {
    type: 'object',
    properties: {
      major: { $ref: '#/definitions/defs-linux_Major' },
      minor: { $ref: '#/definitions/defs-linux_Minor' },
    },
    required: ['major', 'minor'],
  };
function validate37(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.major === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'major' },
        message: "must have required property 'major'",
        schema: schema64.required,
        parentSchema: schema64,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.minor === void 0) {
      let err1 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'minor' },
        message: "must have required property 'minor'",
        schema: schema64.required,
        parentSchema: schema64,
        data,
      };
      (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
    }
    if (data.major !== void 0) {
      let data0 = data.major;
      if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0))) {
        let err2 = {
          instancePath: instancePath + '/major',
          schemaPath: '#/definitions/defs-linux_Major/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema49.type,
          parentSchema: schema49,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
      }
      if (typeof data0 == 'number') {
        if (data0 > 9223372036854776e3 || isNaN(data0)) {
          let err3 = {
            instancePath: instancePath + '/major',
            schemaPath: '#/definitions/defs-linux_Major/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 9223372036854776e3 },
            message: 'must be <= 9223372036854776000',
            schema: 9223372036854776e3,
            parentSchema: schema49,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
        }
        if (data0 < -9223372036854776e3 || isNaN(data0)) {
          let err4 = {
            instancePath: instancePath + '/major',
            schemaPath: '#/definitions/defs-linux_Major/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: -9223372036854776e3 },
            message: 'must be >= -9223372036854776000',
            schema: -9223372036854776e3,
            parentSchema: schema49,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
        }
      }
    }
    if (data.minor !== void 0) {
      let data1 = data.minor;
      if (!(typeof data1 == 'number' && !(data1 % 1) && !isNaN(data1))) {
        let err5 = {
          instancePath: instancePath + '/minor',
          schemaPath: '#/definitions/defs-linux_Minor/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema49.type,
          parentSchema: schema49,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
      }
      if (typeof data1 == 'number') {
        if (data1 > 9223372036854776e3 || isNaN(data1)) {
          let err6 = {
            instancePath: instancePath + '/minor',
            schemaPath: '#/definitions/defs-linux_Minor/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 9223372036854776e3 },
            message: 'must be <= 9223372036854776000',
            schema: 9223372036854776e3,
            parentSchema: schema49,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
        }
        if (data1 < -9223372036854776e3 || isNaN(data1)) {
          let err7 = {
            instancePath: instancePath + '/minor',
            schemaPath: '#/definitions/defs-linux_Minor/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: -9223372036854776e3 },
            message: 'must be >= -9223372036854776000',
            schema: -9223372036854776e3,
            parentSchema: schema49,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
        }
      }
    }
  } else {
    let err8 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema64.type,
      parentSchema: schema64,
      data,
    };
    (vErrors === null ? (vErrors = [err8]) : vErrors.push(err8), errors++);
  }
  return ((validate37.errors = vErrors), errors === 0);
}
function validate36(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (
    (validate37(data, { instancePath, parentData, parentDataProperty, rootData }) ||
      ((vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors)),
      (errors = vErrors.length)),
    data && typeof data == 'object' && !Array.isArray(data))
  ) {
    if (data.rate !== void 0) {
      let data0 = data.rate;
      if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0))) {
        let err0 = {
          instancePath: instancePath + '/rate',
          schemaPath: '#/definitions/defs_uint64/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema29.type,
          parentSchema: schema29,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
      }
      if (typeof data0 == 'number') {
        if (data0 > 18446744073709552e3 || isNaN(data0)) {
          let err1 = {
            instancePath: instancePath + '/rate',
            schemaPath: '#/definitions/defs_uint64/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 18446744073709552e3 },
            message: 'must be <= 18446744073709552000',
            schema: 18446744073709552e3,
            parentSchema: schema29,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
        }
        if (data0 < 0 || isNaN(data0)) {
          let err2 = {
            instancePath: instancePath + '/rate',
            schemaPath: '#/definitions/defs_uint64/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema29,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
        }
      }
    }
  } else {
    let err3 = {
      instancePath,
      schemaPath: '#/allOf/1/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema63.allOf[1].type,
      parentSchema: schema63.allOf[1],
      data,
    };
    (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
  }
  return ((validate36.errors = vErrors), errors === 0);
}
var schema68 = {
  type: 'object',
  allOf: [
    { $ref: '#/definitions/defs-linux_blockIODevice' },
    {
      type: 'object',
      properties: {
        weight: { $ref: '#/definitions/defs-linux_weight' },
        leafWeight: { $ref: '#/definitions/defs-linux_weight' },
      },
    },
  ],
};
function validate43(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (!(data && typeof data == 'object' && !Array.isArray(data))) {
    let err0 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema68.type,
      parentSchema: schema68,
      data,
    };
    (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
  }
  if (
    (validate37(data, { instancePath, parentData, parentDataProperty, rootData }) ||
      ((vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors)),
      (errors = vErrors.length)),
    data && typeof data == 'object' && !Array.isArray(data))
  ) {
    if (data.weight !== void 0) {
      let data0 = data.weight;
      if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0))) {
        let err1 = {
          instancePath: instancePath + '/weight',
          schemaPath: '#/definitions/defs-linux_weight/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema61.type,
          parentSchema: schema61,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
      }
      if (typeof data0 == 'number') {
        if (data0 > 65535 || isNaN(data0)) {
          let err2 = {
            instancePath: instancePath + '/weight',
            schemaPath: '#/definitions/defs-linux_weight/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 65535 },
            message: 'must be <= 65535',
            schema: 65535,
            parentSchema: schema61,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
        }
        if (data0 < 0 || isNaN(data0)) {
          let err3 = {
            instancePath: instancePath + '/weight',
            schemaPath: '#/definitions/defs-linux_weight/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema61,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
        }
      }
    }
    if (data.leafWeight !== void 0) {
      let data1 = data.leafWeight;
      if (!(typeof data1 == 'number' && !(data1 % 1) && !isNaN(data1))) {
        let err4 = {
          instancePath: instancePath + '/leafWeight',
          schemaPath: '#/definitions/defs-linux_weight/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema61.type,
          parentSchema: schema61,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
      }
      if (typeof data1 == 'number') {
        if (data1 > 65535 || isNaN(data1)) {
          let err5 = {
            instancePath: instancePath + '/leafWeight',
            schemaPath: '#/definitions/defs-linux_weight/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 65535 },
            message: 'must be <= 65535',
            schema: 65535,
            parentSchema: schema61,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
        }
        if (data1 < 0 || isNaN(data1)) {
          let err6 = {
            instancePath: instancePath + '/leafWeight',
            schemaPath: '#/definitions/defs-linux_weight/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema61,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
        }
      }
    }
  } else {
    let err7 = {
      instancePath,
      schemaPath: '#/allOf/1/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema68.allOf[1].type,
      parentSchema: schema68.allOf[1],
      data,
    };
    (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
  }
  return ((validate43.errors = vErrors), errors === 0);
}
var schema86 = {
  type: 'object',
  properties: { name: { type: 'string' }, priority: { $ref: '#/definitions/defs_uint32' } },
  required: ['name', 'priority'],
};
function validate46(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.name === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'name' },
        message: "must have required property 'name'",
        schema: schema86.required,
        parentSchema: schema86,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.priority === void 0) {
      let err1 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'priority' },
        message: "must have required property 'priority'",
        schema: schema86.required,
        parentSchema: schema86,
        data,
      };
      (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
    }
    if (data.name !== void 0) {
      let data0 = data.name;
      if (typeof data0 != 'string') {
        let err2 = {
          instancePath: instancePath + '/name',
          schemaPath: '#/properties/name/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema86.properties.name.type,
          parentSchema: schema86.properties.name,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
      }
    }
    if (data.priority !== void 0) {
      let data1 = data.priority;
      if (!(typeof data1 == 'number' && !(data1 % 1) && !isNaN(data1))) {
        let err3 = {
          instancePath: instancePath + '/priority',
          schemaPath: '#/definitions/defs_uint32/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
      }
      if (typeof data1 == 'number') {
        if (data1 > 4294967295 || isNaN(data1)) {
          let err4 = {
            instancePath: instancePath + '/priority',
            schemaPath: '#/definitions/defs_uint32/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
        }
        if (data1 < 0 || isNaN(data1)) {
          let err5 = {
            instancePath: instancePath + '/priority',
            schemaPath: '#/definitions/defs_uint32/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
        }
      }
    }
  } else {
    let err6 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema86.type,
      parentSchema: schema86,
      data,
    };
    (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
  }
  return ((validate46.errors = vErrors), errors === 0);
}
var schema88 = {
  type: 'object',
  properties: {
    hcaHandles: { $ref: '#/definitions/defs_uint32' },
    hcaObjects: { $ref: '#/definitions/defs_uint32' },
  },
};
function validate48(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.hcaHandles !== void 0) {
      let data0 = data.hcaHandles;
      if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0))) {
        let err0 = {
          instancePath: instancePath + '/hcaHandles',
          schemaPath: '#/definitions/defs_uint32/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
      }
      if (typeof data0 == 'number') {
        if (data0 > 4294967295 || isNaN(data0)) {
          let err1 = {
            instancePath: instancePath + '/hcaHandles',
            schemaPath: '#/definitions/defs_uint32/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
        }
        if (data0 < 0 || isNaN(data0)) {
          let err2 = {
            instancePath: instancePath + '/hcaHandles',
            schemaPath: '#/definitions/defs_uint32/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
        }
      }
    }
    if (data.hcaObjects !== void 0) {
      let data1 = data.hcaObjects;
      if (!(typeof data1 == 'number' && !(data1 % 1) && !isNaN(data1))) {
        let err3 = {
          instancePath: instancePath + '/hcaObjects',
          schemaPath: '#/definitions/defs_uint32/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
      }
      if (typeof data1 == 'number') {
        if (data1 > 4294967295 || isNaN(data1)) {
          let err4 = {
            instancePath: instancePath + '/hcaObjects',
            schemaPath: '#/definitions/defs_uint32/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
        }
        if (data1 < 0 || isNaN(data1)) {
          let err5 = {
            instancePath: instancePath + '/hcaObjects',
            schemaPath: '#/definitions/defs_uint32/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
        }
      }
    }
  } else {
    let err6 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema88.type,
      parentSchema: schema88,
      data,
    };
    (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
  }
  return ((validate48.errors = vErrors), errors === 0);
}
var schema96 = {
    type: 'object',
    properties: {
      names: { type: 'array', items: { type: 'string' }, minItems: 1 },
      action: { $ref: '#/definitions/defs-linux_SeccompAction' },
      errnoRet: { $ref: '#/definitions/defs_uint32' },
      args: { type: 'array', items: { $ref: '#/definitions/defs-linux_SyscallArg' } },
    },
    required: ['names', 'action'],
  },
  schema99 = {
    type: 'object',
    properties: {
      index: { $ref: '#/definitions/defs_uint32' },
      value: { $ref: '#/definitions/defs_uint64' },
      valueTwo: { $ref: '#/definitions/defs_uint64' },
      op: { $ref: '#/definitions/defs-linux_SeccompOperators' },
    },
    required: ['index', 'value', 'op'],
  },
  schema103 = {
    type: 'string',
    enum: [
      'SCMP_CMP_NE',
      'SCMP_CMP_LT',
      'SCMP_CMP_LE',
      'SCMP_CMP_EQ',
      'SCMP_CMP_GE',
      'SCMP_CMP_GT',
      'SCMP_CMP_MASKED_EQ',
    ],
  };
function validate51(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.index === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'index' },
        message: "must have required property 'index'",
        schema: schema99.required,
        parentSchema: schema99,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.value === void 0) {
      let err1 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'value' },
        message: "must have required property 'value'",
        schema: schema99.required,
        parentSchema: schema99,
        data,
      };
      (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
    }
    if (data.op === void 0) {
      let err2 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'op' },
        message: "must have required property 'op'",
        schema: schema99.required,
        parentSchema: schema99,
        data,
      };
      (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
    }
    if (data.index !== void 0) {
      let data0 = data.index;
      if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0))) {
        let err3 = {
          instancePath: instancePath + '/index',
          schemaPath: '#/definitions/defs_uint32/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
      }
      if (typeof data0 == 'number') {
        if (data0 > 4294967295 || isNaN(data0)) {
          let err4 = {
            instancePath: instancePath + '/index',
            schemaPath: '#/definitions/defs_uint32/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
        }
        if (data0 < 0 || isNaN(data0)) {
          let err5 = {
            instancePath: instancePath + '/index',
            schemaPath: '#/definitions/defs_uint32/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
        }
      }
    }
    if (data.value !== void 0) {
      let data1 = data.value;
      if (!(typeof data1 == 'number' && !(data1 % 1) && !isNaN(data1))) {
        let err6 = {
          instancePath: instancePath + '/value',
          schemaPath: '#/definitions/defs_uint64/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema29.type,
          parentSchema: schema29,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
      }
      if (typeof data1 == 'number') {
        if (data1 > 18446744073709552e3 || isNaN(data1)) {
          let err7 = {
            instancePath: instancePath + '/value',
            schemaPath: '#/definitions/defs_uint64/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 18446744073709552e3 },
            message: 'must be <= 18446744073709552000',
            schema: 18446744073709552e3,
            parentSchema: schema29,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
        }
        if (data1 < 0 || isNaN(data1)) {
          let err8 = {
            instancePath: instancePath + '/value',
            schemaPath: '#/definitions/defs_uint64/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema29,
            data: data1,
          };
          (vErrors === null ? (vErrors = [err8]) : vErrors.push(err8), errors++);
        }
      }
    }
    if (data.valueTwo !== void 0) {
      let data2 = data.valueTwo;
      if (!(typeof data2 == 'number' && !(data2 % 1) && !isNaN(data2))) {
        let err9 = {
          instancePath: instancePath + '/valueTwo',
          schemaPath: '#/definitions/defs_uint64/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema29.type,
          parentSchema: schema29,
          data: data2,
        };
        (vErrors === null ? (vErrors = [err9]) : vErrors.push(err9), errors++);
      }
      if (typeof data2 == 'number') {
        if (data2 > 18446744073709552e3 || isNaN(data2)) {
          let err10 = {
            instancePath: instancePath + '/valueTwo',
            schemaPath: '#/definitions/defs_uint64/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 18446744073709552e3 },
            message: 'must be <= 18446744073709552000',
            schema: 18446744073709552e3,
            parentSchema: schema29,
            data: data2,
          };
          (vErrors === null ? (vErrors = [err10]) : vErrors.push(err10), errors++);
        }
        if (data2 < 0 || isNaN(data2)) {
          let err11 = {
            instancePath: instancePath + '/valueTwo',
            schemaPath: '#/definitions/defs_uint64/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema29,
            data: data2,
          };
          (vErrors === null ? (vErrors = [err11]) : vErrors.push(err11), errors++);
        }
      }
    }
    if (data.op !== void 0) {
      let data3 = data.op;
      if (typeof data3 != 'string') {
        let err12 = {
          instancePath: instancePath + '/op',
          schemaPath: '#/definitions/defs-linux_SeccompOperators/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema103.type,
          parentSchema: schema103,
          data: data3,
        };
        (vErrors === null ? (vErrors = [err12]) : vErrors.push(err12), errors++);
      }
      if (!(
        data3 === 'SCMP_CMP_NE' ||
        data3 === 'SCMP_CMP_LT' ||
        data3 === 'SCMP_CMP_LE' ||
        data3 === 'SCMP_CMP_EQ' ||
        data3 === 'SCMP_CMP_GE' ||
        data3 === 'SCMP_CMP_GT' ||
        data3 === 'SCMP_CMP_MASKED_EQ'
      )) {
        let err13 = {
          instancePath: instancePath + '/op',
          schemaPath: '#/definitions/defs-linux_SeccompOperators/enum',
          keyword: 'enum',
          params: { allowedValues: schema103.enum },
          message: 'must be equal to one of the allowed values',
          schema: schema103.enum,
          parentSchema: schema103,
          data: data3,
        };
        (vErrors === null ? (vErrors = [err13]) : vErrors.push(err13), errors++);
      }
    }
  } else {
    let err14 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema99.type,
      parentSchema: schema99,
      data,
    };
    (vErrors === null ? (vErrors = [err14]) : vErrors.push(err14), errors++);
  }
  return ((validate51.errors = vErrors), errors === 0);
}
function validate50(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.names === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'names' },
        message: "must have required property 'names'",
        schema: schema96.required,
        parentSchema: schema96,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.action === void 0) {
      let err1 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'action' },
        message: "must have required property 'action'",
        schema: schema96.required,
        parentSchema: schema96,
        data,
      };
      (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
    }
    if (data.names !== void 0) {
      let data0 = data.names;
      if (Array.isArray(data0)) {
        if (data0.length < 1) {
          let err2 = {
            instancePath: instancePath + '/names',
            schemaPath: '#/properties/names/minItems',
            keyword: 'minItems',
            params: { limit: 1 },
            message: 'must NOT have fewer than 1 items',
            schema: 1,
            parentSchema: schema96.properties.names,
            data: data0,
          };
          (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
        }
        let len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data1 = data0[i0];
          if (typeof data1 != 'string') {
            let err3 = {
              instancePath: instancePath + '/names/' + i0,
              schemaPath: '#/properties/names/items/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema96.properties.names.items.type,
              parentSchema: schema96.properties.names.items,
              data: data1,
            };
            (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
          }
        }
      } else {
        let err4 = {
          instancePath: instancePath + '/names',
          schemaPath: '#/properties/names/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema96.properties.names.type,
          parentSchema: schema96.properties.names,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
      }
    }
    if (data.action !== void 0) {
      let data2 = data.action;
      if (typeof data2 != 'string') {
        let err5 = {
          instancePath: instancePath + '/action',
          schemaPath: '#/definitions/defs-linux_SeccompAction/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema92.type,
          parentSchema: schema92,
          data: data2,
        };
        (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
      }
      if (!(
        data2 === 'SCMP_ACT_KILL' ||
        data2 === 'SCMP_ACT_KILL_PROCESS' ||
        data2 === 'SCMP_ACT_KILL_THREAD' ||
        data2 === 'SCMP_ACT_TRAP' ||
        data2 === 'SCMP_ACT_ERRNO' ||
        data2 === 'SCMP_ACT_TRACE' ||
        data2 === 'SCMP_ACT_ALLOW' ||
        data2 === 'SCMP_ACT_LOG' ||
        data2 === 'SCMP_ACT_NOTIFY'
      )) {
        let err6 = {
          instancePath: instancePath + '/action',
          schemaPath: '#/definitions/defs-linux_SeccompAction/enum',
          keyword: 'enum',
          params: { allowedValues: schema92.enum },
          message: 'must be equal to one of the allowed values',
          schema: schema92.enum,
          parentSchema: schema92,
          data: data2,
        };
        (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
      }
    }
    if (data.errnoRet !== void 0) {
      let data3 = data.errnoRet;
      if (!(typeof data3 == 'number' && !(data3 % 1) && !isNaN(data3))) {
        let err7 = {
          instancePath: instancePath + '/errnoRet',
          schemaPath: '#/definitions/defs_uint32/type',
          keyword: 'type',
          params: { type: 'integer' },
          message: 'must be integer',
          schema: schema24.type,
          parentSchema: schema24,
          data: data3,
        };
        (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
      }
      if (typeof data3 == 'number') {
        if (data3 > 4294967295 || isNaN(data3)) {
          let err8 = {
            instancePath: instancePath + '/errnoRet',
            schemaPath: '#/definitions/defs_uint32/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
            message: 'must be <= 4294967295',
            schema: 4294967295,
            parentSchema: schema24,
            data: data3,
          };
          (vErrors === null ? (vErrors = [err8]) : vErrors.push(err8), errors++);
        }
        if (data3 < 0 || isNaN(data3)) {
          let err9 = {
            instancePath: instancePath + '/errnoRet',
            schemaPath: '#/definitions/defs_uint32/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
            schema: 0,
            parentSchema: schema24,
            data: data3,
          };
          (vErrors === null ? (vErrors = [err9]) : vErrors.push(err9), errors++);
        }
      }
    }
    if (data.args !== void 0) {
      let data4 = data.args;
      if (Array.isArray(data4)) {
        let len1 = data4.length;
        for (let i1 = 0; i1 < len1; i1++)
          validate51(data4[i1], {
            instancePath: instancePath + '/args/' + i1,
            parentData: data4,
            parentDataProperty: i1,
            rootData,
          }) ||
            ((vErrors = vErrors === null ? validate51.errors : vErrors.concat(validate51.errors)),
            (errors = vErrors.length));
      } else {
        let err10 = {
          instancePath: instancePath + '/args',
          schemaPath: '#/properties/args/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema96.properties.args.type,
          parentSchema: schema96.properties.args,
          data: data4,
        };
        (vErrors === null ? (vErrors = [err10]) : vErrors.push(err10), errors++);
      }
    }
  } else {
    let err11 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema96.type,
      parentSchema: schema96,
      data,
    };
    (vErrors === null ? (vErrors = [err11]) : vErrors.push(err11), errors++);
  }
  return ((validate50.errors = vErrors), errors === 0);
}
var schema107 = {
    type: 'object',
    properties: {
      domain: { $ref: '#/definitions/defs-linux_PersonalityDomain' },
      flags: { $ref: '#/definitions/defs_ArrayOfStrings' },
    },
  },
  schema108 = { type: 'string', enum: ['LINUX', 'LINUX32'] };
function validate54(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.domain !== void 0) {
      let data0 = data.domain;
      if (typeof data0 != 'string') {
        let err0 = {
          instancePath: instancePath + '/domain',
          schemaPath: '#/definitions/defs-linux_PersonalityDomain/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema108.type,
          parentSchema: schema108,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
      }
      if (!(data0 === 'LINUX' || data0 === 'LINUX32')) {
        let err1 = {
          instancePath: instancePath + '/domain',
          schemaPath: '#/definitions/defs-linux_PersonalityDomain/enum',
          keyword: 'enum',
          params: { allowedValues: schema108.enum },
          message: 'must be equal to one of the allowed values',
          schema: schema108.enum,
          parentSchema: schema108,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
      }
    }
    if (data.flags !== void 0) {
      let data1 = data.flags;
      if (Array.isArray(data1)) {
        let len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          if (typeof data2 != 'string') {
            let err2 = {
              instancePath: instancePath + '/flags/' + i0,
              schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema16.items.type,
              parentSchema: schema16.items,
              data: data2,
            };
            (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
          }
        }
      } else {
        let err3 = {
          instancePath: instancePath + '/flags',
          schemaPath: '#/definitions/defs_ArrayOfStrings/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema16.type,
          parentSchema: schema16,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
      }
    }
  } else {
    let err4 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema107.type,
      parentSchema: schema107,
      data,
    };
    (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
  }
  return ((validate54.errors = vErrors), errors === 0);
}
var pattern0 = new RegExp('.{1,}', 'u'),
  pattern4 = new RegExp('^[1-9][0-9]*[KMG]B$', 'u'),
  pattern6 = new RegExp('^MB:[^\\n]*$', 'u');
function validate27(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.devices !== void 0) {
      let data0 = data.devices;
      if (Array.isArray(data0)) {
        let len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate28(data0[i0], {
            instancePath: instancePath + '/devices/' + i0,
            parentData: data0,
            parentDataProperty: i0,
            rootData,
          }) ||
            ((vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors)),
            (errors = vErrors.length));
      } else {
        let err0 = {
          instancePath: instancePath + '/devices',
          schemaPath: '#/properties/devices/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema44.properties.devices.type,
          parentSchema: schema44.properties.devices,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
      }
    }
    if (data.uidMappings !== void 0) {
      let data2 = data.uidMappings;
      if (Array.isArray(data2)) {
        let len1 = data2.length;
        for (let i1 = 0; i1 < len1; i1++)
          validate21(data2[i1], {
            instancePath: instancePath + '/uidMappings/' + i1,
            parentData: data2,
            parentDataProperty: i1,
            rootData,
          }) ||
            ((vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors)),
            (errors = vErrors.length));
      } else {
        let err1 = {
          instancePath: instancePath + '/uidMappings',
          schemaPath: '#/properties/uidMappings/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema44.properties.uidMappings.type,
          parentSchema: schema44.properties.uidMappings,
          data: data2,
        };
        (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
      }
    }
    if (data.gidMappings !== void 0) {
      let data4 = data.gidMappings;
      if (Array.isArray(data4)) {
        let len2 = data4.length;
        for (let i2 = 0; i2 < len2; i2++)
          validate21(data4[i2], {
            instancePath: instancePath + '/gidMappings/' + i2,
            parentData: data4,
            parentDataProperty: i2,
            rootData,
          }) ||
            ((vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors)),
            (errors = vErrors.length));
      } else {
        let err2 = {
          instancePath: instancePath + '/gidMappings',
          schemaPath: '#/properties/gidMappings/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema44.properties.gidMappings.type,
          parentSchema: schema44.properties.gidMappings,
          data: data4,
        };
        (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
      }
    }
    if (data.namespaces !== void 0) {
      let data6 = data.namespaces;
      if (Array.isArray(data6)) {
        let len3 = data6.length;
        for (let i3 = 0; i3 < len3; i3++) {
          let data7 = data6[i3],
            _errs13 = errors,
            valid9 = !1,
            _errs14 = errors;
          validate32(data7, {
            instancePath: instancePath + '/namespaces/' + i3,
            parentData: data6,
            parentDataProperty: i3,
            rootData,
          }) ||
            ((vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors)),
            (errors = vErrors.length));
          var _valid0 = _errs14 === errors;
          if (((valid9 = valid9 || _valid0), valid9))
            ((errors = _errs13),
              vErrors !== null && (_errs13 ? (vErrors.length = _errs13) : (vErrors = null)));
          else {
            let err3 = {
              instancePath: instancePath + '/namespaces/' + i3,
              schemaPath: '#/properties/namespaces/items/anyOf',
              keyword: 'anyOf',
              params: {},
              message: 'must match a schema in anyOf',
              schema: schema44.properties.namespaces.items.anyOf,
              parentSchema: schema44.properties.namespaces.items,
              data: data7,
            };
            (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
          }
        }
      } else {
        let err4 = {
          instancePath: instancePath + '/namespaces',
          schemaPath: '#/properties/namespaces/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema44.properties.namespaces.type,
          parentSchema: schema44.properties.namespaces,
          data: data6,
        };
        (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
      }
    }
    if (data.resources !== void 0) {
      let data8 = data.resources;
      if (data8 && typeof data8 == 'object' && !Array.isArray(data8)) {
        if (data8.unified !== void 0) {
          let data9 = data8.unified;
          if (data9 && typeof data9 == 'object' && !Array.isArray(data9)) {
            for (let key0 in data9)
              if (pattern0.test(key0)) {
                let data10 = data9[key0];
                if (typeof data10 != 'string') {
                  let err5 = {
                    instancePath:
                      instancePath + '/resources/unified/' + key0.replace(/~/g, '~0').replace(/\//g, '~1'),
                    schemaPath: '#/definitions/defs_mapStringString/patternProperties/.%7B1%2C%7D/type',
                    keyword: 'type',
                    params: { type: 'string' },
                    message: 'must be string',
                    schema: schema18.patternProperties['.{1,}'].type,
                    parentSchema: schema18.patternProperties['.{1,}'],
                    data: data10,
                  };
                  (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
                }
              }
          } else {
            let err6 = {
              instancePath: instancePath + '/resources/unified',
              schemaPath: '#/definitions/defs_mapStringString/type',
              keyword: 'type',
              params: { type: 'object' },
              message: 'must be object',
              schema: schema18.type,
              parentSchema: schema18,
              data: data9,
            };
            (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
          }
        }
        if (data8.devices !== void 0) {
          let data11 = data8.devices;
          if (Array.isArray(data11)) {
            let len4 = data11.length;
            for (let i4 = 0; i4 < len4; i4++)
              validate34(data11[i4], {
                instancePath: instancePath + '/resources/devices/' + i4,
                parentData: data11,
                parentDataProperty: i4,
                rootData,
              }) ||
                ((vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors)),
                (errors = vErrors.length));
          } else {
            let err7 = {
              instancePath: instancePath + '/resources/devices',
              schemaPath: '#/properties/resources/properties/devices/type',
              keyword: 'type',
              params: { type: 'array' },
              message: 'must be array',
              schema: schema44.properties.resources.properties.devices.type,
              parentSchema: schema44.properties.resources.properties.devices,
              data: data11,
            };
            (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
          }
        }
        if (data8.pids !== void 0) {
          let data13 = data8.pids;
          if (data13 && typeof data13 == 'object' && !Array.isArray(data13)) {
            if (data13.limit === void 0) {
              let err8 = {
                instancePath: instancePath + '/resources/pids',
                schemaPath: '#/properties/resources/properties/pids/required',
                keyword: 'required',
                params: { missingProperty: 'limit' },
                message: "must have required property 'limit'",
                schema: schema44.properties.resources.properties.pids.required,
                parentSchema: schema44.properties.resources.properties.pids,
                data: data13,
              };
              (vErrors === null ? (vErrors = [err8]) : vErrors.push(err8), errors++);
            }
            if (data13.limit !== void 0) {
              let data14 = data13.limit;
              if (!(typeof data14 == 'number' && !(data14 % 1) && !isNaN(data14))) {
                let err9 = {
                  instancePath: instancePath + '/resources/pids/limit',
                  schemaPath: '#/definitions/defs_int64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data14,
                };
                (vErrors === null ? (vErrors = [err9]) : vErrors.push(err9), errors++);
              }
              if (typeof data14 == 'number') {
                if (data14 > 9223372036854776e3 || isNaN(data14)) {
                  let err10 = {
                    instancePath: instancePath + '/resources/pids/limit',
                    schemaPath: '#/definitions/defs_int64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 9223372036854776e3 },
                    message: 'must be <= 9223372036854776000',
                    schema: 9223372036854776e3,
                    parentSchema: schema49,
                    data: data14,
                  };
                  (vErrors === null ? (vErrors = [err10]) : vErrors.push(err10), errors++);
                }
                if (data14 < -9223372036854776e3 || isNaN(data14)) {
                  let err11 = {
                    instancePath: instancePath + '/resources/pids/limit',
                    schemaPath: '#/definitions/defs_int64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -9223372036854776e3 },
                    message: 'must be >= -9223372036854776000',
                    schema: -9223372036854776e3,
                    parentSchema: schema49,
                    data: data14,
                  };
                  (vErrors === null ? (vErrors = [err11]) : vErrors.push(err11), errors++);
                }
              }
            }
          } else {
            let err12 = {
              instancePath: instancePath + '/resources/pids',
              schemaPath: '#/properties/resources/properties/pids/type',
              keyword: 'type',
              params: { type: 'object' },
              message: 'must be object',
              schema: schema44.properties.resources.properties.pids.type,
              parentSchema: schema44.properties.resources.properties.pids,
              data: data13,
            };
            (vErrors === null ? (vErrors = [err12]) : vErrors.push(err12), errors++);
          }
        }
        if (data8.blockIO !== void 0) {
          let data15 = data8.blockIO;
          if (data15 && typeof data15 == 'object' && !Array.isArray(data15)) {
            if (data15.weight !== void 0) {
              let data16 = data15.weight;
              if (!(typeof data16 == 'number' && !(data16 % 1) && !isNaN(data16))) {
                let err13 = {
                  instancePath: instancePath + '/resources/blockIO/weight',
                  schemaPath: '#/definitions/defs-linux_weight/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema61.type,
                  parentSchema: schema61,
                  data: data16,
                };
                (vErrors === null ? (vErrors = [err13]) : vErrors.push(err13), errors++);
              }
              if (typeof data16 == 'number') {
                if (data16 > 65535 || isNaN(data16)) {
                  let err14 = {
                    instancePath: instancePath + '/resources/blockIO/weight',
                    schemaPath: '#/definitions/defs-linux_weight/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 65535 },
                    message: 'must be <= 65535',
                    schema: 65535,
                    parentSchema: schema61,
                    data: data16,
                  };
                  (vErrors === null ? (vErrors = [err14]) : vErrors.push(err14), errors++);
                }
                if (data16 < 0 || isNaN(data16)) {
                  let err15 = {
                    instancePath: instancePath + '/resources/blockIO/weight',
                    schemaPath: '#/definitions/defs-linux_weight/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema61,
                    data: data16,
                  };
                  (vErrors === null ? (vErrors = [err15]) : vErrors.push(err15), errors++);
                }
              }
            }
            if (data15.leafWeight !== void 0) {
              let data17 = data15.leafWeight;
              if (!(typeof data17 == 'number' && !(data17 % 1) && !isNaN(data17))) {
                let err16 = {
                  instancePath: instancePath + '/resources/blockIO/leafWeight',
                  schemaPath: '#/definitions/defs-linux_weight/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema61.type,
                  parentSchema: schema61,
                  data: data17,
                };
                (vErrors === null ? (vErrors = [err16]) : vErrors.push(err16), errors++);
              }
              if (typeof data17 == 'number') {
                if (data17 > 65535 || isNaN(data17)) {
                  let err17 = {
                    instancePath: instancePath + '/resources/blockIO/leafWeight',
                    schemaPath: '#/definitions/defs-linux_weight/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 65535 },
                    message: 'must be <= 65535',
                    schema: 65535,
                    parentSchema: schema61,
                    data: data17,
                  };
                  (vErrors === null ? (vErrors = [err17]) : vErrors.push(err17), errors++);
                }
                if (data17 < 0 || isNaN(data17)) {
                  let err18 = {
                    instancePath: instancePath + '/resources/blockIO/leafWeight',
                    schemaPath: '#/definitions/defs-linux_weight/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema61,
                    data: data17,
                  };
                  (vErrors === null ? (vErrors = [err18]) : vErrors.push(err18), errors++);
                }
              }
            }
            if (data15.throttleReadBpsDevice !== void 0) {
              let data18 = data15.throttleReadBpsDevice;
              if (Array.isArray(data18)) {
                let len5 = data18.length;
                for (let i5 = 0; i5 < len5; i5++)
                  validate36(data18[i5], {
                    instancePath: instancePath + '/resources/blockIO/throttleReadBpsDevice/' + i5,
                    parentData: data18,
                    parentDataProperty: i5,
                    rootData,
                  }) ||
                    ((vErrors = vErrors === null ? validate36.errors : vErrors.concat(validate36.errors)),
                    (errors = vErrors.length));
              } else {
                let err19 = {
                  instancePath: instancePath + '/resources/blockIO/throttleReadBpsDevice',
                  schemaPath:
                    '#/properties/resources/properties/blockIO/properties/throttleReadBpsDevice/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema:
                    schema44.properties.resources.properties.blockIO.properties.throttleReadBpsDevice.type,
                  parentSchema:
                    schema44.properties.resources.properties.blockIO.properties.throttleReadBpsDevice,
                  data: data18,
                };
                (vErrors === null ? (vErrors = [err19]) : vErrors.push(err19), errors++);
              }
            }
            if (data15.throttleWriteBpsDevice !== void 0) {
              let data20 = data15.throttleWriteBpsDevice;
              if (Array.isArray(data20)) {
                let len6 = data20.length;
                for (let i6 = 0; i6 < len6; i6++)
                  validate36(data20[i6], {
                    instancePath: instancePath + '/resources/blockIO/throttleWriteBpsDevice/' + i6,
                    parentData: data20,
                    parentDataProperty: i6,
                    rootData,
                  }) ||
                    ((vErrors = vErrors === null ? validate36.errors : vErrors.concat(validate36.errors)),
                    (errors = vErrors.length));
              } else {
                let err20 = {
                  instancePath: instancePath + '/resources/blockIO/throttleWriteBpsDevice',
                  schemaPath:
                    '#/properties/resources/properties/blockIO/properties/throttleWriteBpsDevice/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema:
                    schema44.properties.resources.properties.blockIO.properties.throttleWriteBpsDevice.type,
                  parentSchema:
                    schema44.properties.resources.properties.blockIO.properties.throttleWriteBpsDevice,
                  data: data20,
                };
                (vErrors === null ? (vErrors = [err20]) : vErrors.push(err20), errors++);
              }
            }
            if (data15.throttleReadIOPSDevice !== void 0) {
              let data22 = data15.throttleReadIOPSDevice;
              if (Array.isArray(data22)) {
                let len7 = data22.length;
                for (let i7 = 0; i7 < len7; i7++)
                  validate36(data22[i7], {
                    instancePath: instancePath + '/resources/blockIO/throttleReadIOPSDevice/' + i7,
                    parentData: data22,
                    parentDataProperty: i7,
                    rootData,
                  }) ||
                    ((vErrors = vErrors === null ? validate36.errors : vErrors.concat(validate36.errors)),
                    (errors = vErrors.length));
              } else {
                let err21 = {
                  instancePath: instancePath + '/resources/blockIO/throttleReadIOPSDevice',
                  schemaPath:
                    '#/properties/resources/properties/blockIO/properties/throttleReadIOPSDevice/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema:
                    schema44.properties.resources.properties.blockIO.properties.throttleReadIOPSDevice.type,
                  parentSchema:
                    schema44.properties.resources.properties.blockIO.properties.throttleReadIOPSDevice,
                  data: data22,
                };
                (vErrors === null ? (vErrors = [err21]) : vErrors.push(err21), errors++);
              }
            }
            if (data15.throttleWriteIOPSDevice !== void 0) {
              let data24 = data15.throttleWriteIOPSDevice;
              if (Array.isArray(data24)) {
                let len8 = data24.length;
                for (let i8 = 0; i8 < len8; i8++)
                  validate36(data24[i8], {
                    instancePath: instancePath + '/resources/blockIO/throttleWriteIOPSDevice/' + i8,
                    parentData: data24,
                    parentDataProperty: i8,
                    rootData,
                  }) ||
                    ((vErrors = vErrors === null ? validate36.errors : vErrors.concat(validate36.errors)),
                    (errors = vErrors.length));
              } else {
                let err22 = {
                  instancePath: instancePath + '/resources/blockIO/throttleWriteIOPSDevice',
                  schemaPath:
                    '#/properties/resources/properties/blockIO/properties/throttleWriteIOPSDevice/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema:
                    schema44.properties.resources.properties.blockIO.properties.throttleWriteIOPSDevice.type,
                  parentSchema:
                    schema44.properties.resources.properties.blockIO.properties.throttleWriteIOPSDevice,
                  data: data24,
                };
                (vErrors === null ? (vErrors = [err22]) : vErrors.push(err22), errors++);
              }
            }
            if (data15.weightDevice !== void 0) {
              let data26 = data15.weightDevice;
              if (Array.isArray(data26)) {
                let len9 = data26.length;
                for (let i9 = 0; i9 < len9; i9++)
                  validate43(data26[i9], {
                    instancePath: instancePath + '/resources/blockIO/weightDevice/' + i9,
                    parentData: data26,
                    parentDataProperty: i9,
                    rootData,
                  }) ||
                    ((vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors)),
                    (errors = vErrors.length));
              } else {
                let err23 = {
                  instancePath: instancePath + '/resources/blockIO/weightDevice',
                  schemaPath: '#/properties/resources/properties/blockIO/properties/weightDevice/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema: schema44.properties.resources.properties.blockIO.properties.weightDevice.type,
                  parentSchema: schema44.properties.resources.properties.blockIO.properties.weightDevice,
                  data: data26,
                };
                (vErrors === null ? (vErrors = [err23]) : vErrors.push(err23), errors++);
              }
            }
          } else {
            let err24 = {
              instancePath: instancePath + '/resources/blockIO',
              schemaPath: '#/properties/resources/properties/blockIO/type',
              keyword: 'type',
              params: { type: 'object' },
              message: 'must be object',
              schema: schema44.properties.resources.properties.blockIO.type,
              parentSchema: schema44.properties.resources.properties.blockIO,
              data: data15,
            };
            (vErrors === null ? (vErrors = [err24]) : vErrors.push(err24), errors++);
          }
        }
        if (data8.cpu !== void 0) {
          let data28 = data8.cpu;
          if (data28 && typeof data28 == 'object' && !Array.isArray(data28)) {
            if (data28.cpus !== void 0) {
              let data29 = data28.cpus;
              if (typeof data29 != 'string') {
                let err25 = {
                  instancePath: instancePath + '/resources/cpu/cpus',
                  schemaPath: '#/properties/resources/properties/cpu/properties/cpus/type',
                  keyword: 'type',
                  params: { type: 'string' },
                  message: 'must be string',
                  schema: schema44.properties.resources.properties.cpu.properties.cpus.type,
                  parentSchema: schema44.properties.resources.properties.cpu.properties.cpus,
                  data: data29,
                };
                (vErrors === null ? (vErrors = [err25]) : vErrors.push(err25), errors++);
              }
            }
            if (data28.mems !== void 0) {
              let data30 = data28.mems;
              if (typeof data30 != 'string') {
                let err26 = {
                  instancePath: instancePath + '/resources/cpu/mems',
                  schemaPath: '#/properties/resources/properties/cpu/properties/mems/type',
                  keyword: 'type',
                  params: { type: 'string' },
                  message: 'must be string',
                  schema: schema44.properties.resources.properties.cpu.properties.mems.type,
                  parentSchema: schema44.properties.resources.properties.cpu.properties.mems,
                  data: data30,
                };
                (vErrors === null ? (vErrors = [err26]) : vErrors.push(err26), errors++);
              }
            }
            if (data28.period !== void 0) {
              let data31 = data28.period;
              if (!(typeof data31 == 'number' && !(data31 % 1) && !isNaN(data31))) {
                let err27 = {
                  instancePath: instancePath + '/resources/cpu/period',
                  schemaPath: '#/definitions/defs_uint64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema29.type,
                  parentSchema: schema29,
                  data: data31,
                };
                (vErrors === null ? (vErrors = [err27]) : vErrors.push(err27), errors++);
              }
              if (typeof data31 == 'number') {
                if (data31 > 18446744073709552e3 || isNaN(data31)) {
                  let err28 = {
                    instancePath: instancePath + '/resources/cpu/period',
                    schemaPath: '#/definitions/defs_uint64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 18446744073709552e3 },
                    message: 'must be <= 18446744073709552000',
                    schema: 18446744073709552e3,
                    parentSchema: schema29,
                    data: data31,
                  };
                  (vErrors === null ? (vErrors = [err28]) : vErrors.push(err28), errors++);
                }
                if (data31 < 0 || isNaN(data31)) {
                  let err29 = {
                    instancePath: instancePath + '/resources/cpu/period',
                    schemaPath: '#/definitions/defs_uint64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema29,
                    data: data31,
                  };
                  (vErrors === null ? (vErrors = [err29]) : vErrors.push(err29), errors++);
                }
              }
            }
            if (data28.quota !== void 0) {
              let data32 = data28.quota;
              if (!(typeof data32 == 'number' && !(data32 % 1) && !isNaN(data32))) {
                let err30 = {
                  instancePath: instancePath + '/resources/cpu/quota',
                  schemaPath: '#/definitions/defs_int64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data32,
                };
                (vErrors === null ? (vErrors = [err30]) : vErrors.push(err30), errors++);
              }
              if (typeof data32 == 'number') {
                if (data32 > 9223372036854776e3 || isNaN(data32)) {
                  let err31 = {
                    instancePath: instancePath + '/resources/cpu/quota',
                    schemaPath: '#/definitions/defs_int64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 9223372036854776e3 },
                    message: 'must be <= 9223372036854776000',
                    schema: 9223372036854776e3,
                    parentSchema: schema49,
                    data: data32,
                  };
                  (vErrors === null ? (vErrors = [err31]) : vErrors.push(err31), errors++);
                }
                if (data32 < -9223372036854776e3 || isNaN(data32)) {
                  let err32 = {
                    instancePath: instancePath + '/resources/cpu/quota',
                    schemaPath: '#/definitions/defs_int64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -9223372036854776e3 },
                    message: 'must be >= -9223372036854776000',
                    schema: -9223372036854776e3,
                    parentSchema: schema49,
                    data: data32,
                  };
                  (vErrors === null ? (vErrors = [err32]) : vErrors.push(err32), errors++);
                }
              }
            }
            if (data28.burst !== void 0) {
              let data33 = data28.burst;
              if (!(typeof data33 == 'number' && !(data33 % 1) && !isNaN(data33))) {
                let err33 = {
                  instancePath: instancePath + '/resources/cpu/burst',
                  schemaPath: '#/definitions/defs_uint64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema29.type,
                  parentSchema: schema29,
                  data: data33,
                };
                (vErrors === null ? (vErrors = [err33]) : vErrors.push(err33), errors++);
              }
              if (typeof data33 == 'number') {
                if (data33 > 18446744073709552e3 || isNaN(data33)) {
                  let err34 = {
                    instancePath: instancePath + '/resources/cpu/burst',
                    schemaPath: '#/definitions/defs_uint64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 18446744073709552e3 },
                    message: 'must be <= 18446744073709552000',
                    schema: 18446744073709552e3,
                    parentSchema: schema29,
                    data: data33,
                  };
                  (vErrors === null ? (vErrors = [err34]) : vErrors.push(err34), errors++);
                }
                if (data33 < 0 || isNaN(data33)) {
                  let err35 = {
                    instancePath: instancePath + '/resources/cpu/burst',
                    schemaPath: '#/definitions/defs_uint64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema29,
                    data: data33,
                  };
                  (vErrors === null ? (vErrors = [err35]) : vErrors.push(err35), errors++);
                }
              }
            }
            if (data28.realtimePeriod !== void 0) {
              let data34 = data28.realtimePeriod;
              if (!(typeof data34 == 'number' && !(data34 % 1) && !isNaN(data34))) {
                let err36 = {
                  instancePath: instancePath + '/resources/cpu/realtimePeriod',
                  schemaPath: '#/definitions/defs_uint64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema29.type,
                  parentSchema: schema29,
                  data: data34,
                };
                (vErrors === null ? (vErrors = [err36]) : vErrors.push(err36), errors++);
              }
              if (typeof data34 == 'number') {
                if (data34 > 18446744073709552e3 || isNaN(data34)) {
                  let err37 = {
                    instancePath: instancePath + '/resources/cpu/realtimePeriod',
                    schemaPath: '#/definitions/defs_uint64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 18446744073709552e3 },
                    message: 'must be <= 18446744073709552000',
                    schema: 18446744073709552e3,
                    parentSchema: schema29,
                    data: data34,
                  };
                  (vErrors === null ? (vErrors = [err37]) : vErrors.push(err37), errors++);
                }
                if (data34 < 0 || isNaN(data34)) {
                  let err38 = {
                    instancePath: instancePath + '/resources/cpu/realtimePeriod',
                    schemaPath: '#/definitions/defs_uint64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema29,
                    data: data34,
                  };
                  (vErrors === null ? (vErrors = [err38]) : vErrors.push(err38), errors++);
                }
              }
            }
            if (data28.realtimeRuntime !== void 0) {
              let data35 = data28.realtimeRuntime;
              if (!(typeof data35 == 'number' && !(data35 % 1) && !isNaN(data35))) {
                let err39 = {
                  instancePath: instancePath + '/resources/cpu/realtimeRuntime',
                  schemaPath: '#/definitions/defs_int64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data35,
                };
                (vErrors === null ? (vErrors = [err39]) : vErrors.push(err39), errors++);
              }
              if (typeof data35 == 'number') {
                if (data35 > 9223372036854776e3 || isNaN(data35)) {
                  let err40 = {
                    instancePath: instancePath + '/resources/cpu/realtimeRuntime',
                    schemaPath: '#/definitions/defs_int64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 9223372036854776e3 },
                    message: 'must be <= 9223372036854776000',
                    schema: 9223372036854776e3,
                    parentSchema: schema49,
                    data: data35,
                  };
                  (vErrors === null ? (vErrors = [err40]) : vErrors.push(err40), errors++);
                }
                if (data35 < -9223372036854776e3 || isNaN(data35)) {
                  let err41 = {
                    instancePath: instancePath + '/resources/cpu/realtimeRuntime',
                    schemaPath: '#/definitions/defs_int64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -9223372036854776e3 },
                    message: 'must be >= -9223372036854776000',
                    schema: -9223372036854776e3,
                    parentSchema: schema49,
                    data: data35,
                  };
                  (vErrors === null ? (vErrors = [err41]) : vErrors.push(err41), errors++);
                }
              }
            }
            if (data28.shares !== void 0) {
              let data36 = data28.shares;
              if (!(typeof data36 == 'number' && !(data36 % 1) && !isNaN(data36))) {
                let err42 = {
                  instancePath: instancePath + '/resources/cpu/shares',
                  schemaPath: '#/definitions/defs_uint64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema29.type,
                  parentSchema: schema29,
                  data: data36,
                };
                (vErrors === null ? (vErrors = [err42]) : vErrors.push(err42), errors++);
              }
              if (typeof data36 == 'number') {
                if (data36 > 18446744073709552e3 || isNaN(data36)) {
                  let err43 = {
                    instancePath: instancePath + '/resources/cpu/shares',
                    schemaPath: '#/definitions/defs_uint64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 18446744073709552e3 },
                    message: 'must be <= 18446744073709552000',
                    schema: 18446744073709552e3,
                    parentSchema: schema29,
                    data: data36,
                  };
                  (vErrors === null ? (vErrors = [err43]) : vErrors.push(err43), errors++);
                }
                if (data36 < 0 || isNaN(data36)) {
                  let err44 = {
                    instancePath: instancePath + '/resources/cpu/shares',
                    schemaPath: '#/definitions/defs_uint64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema29,
                    data: data36,
                  };
                  (vErrors === null ? (vErrors = [err44]) : vErrors.push(err44), errors++);
                }
              }
            }
            if (data28.idle !== void 0) {
              let data37 = data28.idle;
              if (!(typeof data37 == 'number' && !(data37 % 1) && !isNaN(data37))) {
                let err45 = {
                  instancePath: instancePath + '/resources/cpu/idle',
                  schemaPath: '#/definitions/defs_int64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data37,
                };
                (vErrors === null ? (vErrors = [err45]) : vErrors.push(err45), errors++);
              }
              if (typeof data37 == 'number') {
                if (data37 > 9223372036854776e3 || isNaN(data37)) {
                  let err46 = {
                    instancePath: instancePath + '/resources/cpu/idle',
                    schemaPath: '#/definitions/defs_int64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 9223372036854776e3 },
                    message: 'must be <= 9223372036854776000',
                    schema: 9223372036854776e3,
                    parentSchema: schema49,
                    data: data37,
                  };
                  (vErrors === null ? (vErrors = [err46]) : vErrors.push(err46), errors++);
                }
                if (data37 < -9223372036854776e3 || isNaN(data37)) {
                  let err47 = {
                    instancePath: instancePath + '/resources/cpu/idle',
                    schemaPath: '#/definitions/defs_int64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -9223372036854776e3 },
                    message: 'must be >= -9223372036854776000',
                    schema: -9223372036854776e3,
                    parentSchema: schema49,
                    data: data37,
                  };
                  (vErrors === null ? (vErrors = [err47]) : vErrors.push(err47), errors++);
                }
              }
            }
          } else {
            let err48 = {
              instancePath: instancePath + '/resources/cpu',
              schemaPath: '#/properties/resources/properties/cpu/type',
              keyword: 'type',
              params: { type: 'object' },
              message: 'must be object',
              schema: schema44.properties.resources.properties.cpu.type,
              parentSchema: schema44.properties.resources.properties.cpu,
              data: data28,
            };
            (vErrors === null ? (vErrors = [err48]) : vErrors.push(err48), errors++);
          }
        }
        if (data8.hugepageLimits !== void 0) {
          let data38 = data8.hugepageLimits;
          if (Array.isArray(data38)) {
            let len10 = data38.length;
            for (let i10 = 0; i10 < len10; i10++) {
              let data39 = data38[i10];
              if (data39 && typeof data39 == 'object' && !Array.isArray(data39)) {
                if (data39.pageSize === void 0) {
                  let err49 = {
                    instancePath: instancePath + '/resources/hugepageLimits/' + i10,
                    schemaPath: '#/properties/resources/properties/hugepageLimits/items/required',
                    keyword: 'required',
                    params: { missingProperty: 'pageSize' },
                    message: "must have required property 'pageSize'",
                    schema: schema44.properties.resources.properties.hugepageLimits.items.required,
                    parentSchema: schema44.properties.resources.properties.hugepageLimits.items,
                    data: data39,
                  };
                  (vErrors === null ? (vErrors = [err49]) : vErrors.push(err49), errors++);
                }
                if (data39.limit === void 0) {
                  let err50 = {
                    instancePath: instancePath + '/resources/hugepageLimits/' + i10,
                    schemaPath: '#/properties/resources/properties/hugepageLimits/items/required',
                    keyword: 'required',
                    params: { missingProperty: 'limit' },
                    message: "must have required property 'limit'",
                    schema: schema44.properties.resources.properties.hugepageLimits.items.required,
                    parentSchema: schema44.properties.resources.properties.hugepageLimits.items,
                    data: data39,
                  };
                  (vErrors === null ? (vErrors = [err50]) : vErrors.push(err50), errors++);
                }
                if (data39.pageSize !== void 0) {
                  let data40 = data39.pageSize;
                  if (typeof data40 == 'string') {
                    if (!pattern4.test(data40)) {
                      let err51 = {
                        instancePath: instancePath + '/resources/hugepageLimits/' + i10 + '/pageSize',
                        schemaPath:
                          '#/properties/resources/properties/hugepageLimits/items/properties/pageSize/pattern',
                        keyword: 'pattern',
                        params: { pattern: '^[1-9][0-9]*[KMG]B$' },
                        message: 'must match pattern "^[1-9][0-9]*[KMG]B$"',
                        schema: '^[1-9][0-9]*[KMG]B$',
                        parentSchema:
                          schema44.properties.resources.properties.hugepageLimits.items.properties.pageSize,
                        data: data40,
                      };
                      (vErrors === null ? (vErrors = [err51]) : vErrors.push(err51), errors++);
                    }
                  } else {
                    let err52 = {
                      instancePath: instancePath + '/resources/hugepageLimits/' + i10 + '/pageSize',
                      schemaPath:
                        '#/properties/resources/properties/hugepageLimits/items/properties/pageSize/type',
                      keyword: 'type',
                      params: { type: 'string' },
                      message: 'must be string',
                      schema:
                        schema44.properties.resources.properties.hugepageLimits.items.properties.pageSize
                          .type,
                      parentSchema:
                        schema44.properties.resources.properties.hugepageLimits.items.properties.pageSize,
                      data: data40,
                    };
                    (vErrors === null ? (vErrors = [err52]) : vErrors.push(err52), errors++);
                  }
                }
                if (data39.limit !== void 0) {
                  let data41 = data39.limit;
                  if (!(typeof data41 == 'number' && !(data41 % 1) && !isNaN(data41))) {
                    let err53 = {
                      instancePath: instancePath + '/resources/hugepageLimits/' + i10 + '/limit',
                      schemaPath: '#/definitions/defs_uint64/type',
                      keyword: 'type',
                      params: { type: 'integer' },
                      message: 'must be integer',
                      schema: schema29.type,
                      parentSchema: schema29,
                      data: data41,
                    };
                    (vErrors === null ? (vErrors = [err53]) : vErrors.push(err53), errors++);
                  }
                  if (typeof data41 == 'number') {
                    if (data41 > 18446744073709552e3 || isNaN(data41)) {
                      let err54 = {
                        instancePath: instancePath + '/resources/hugepageLimits/' + i10 + '/limit',
                        schemaPath: '#/definitions/defs_uint64/maximum',
                        keyword: 'maximum',
                        params: { comparison: '<=', limit: 18446744073709552e3 },
                        message: 'must be <= 18446744073709552000',
                        schema: 18446744073709552e3,
                        parentSchema: schema29,
                        data: data41,
                      };
                      (vErrors === null ? (vErrors = [err54]) : vErrors.push(err54), errors++);
                    }
                    if (data41 < 0 || isNaN(data41)) {
                      let err55 = {
                        instancePath: instancePath + '/resources/hugepageLimits/' + i10 + '/limit',
                        schemaPath: '#/definitions/defs_uint64/minimum',
                        keyword: 'minimum',
                        params: { comparison: '>=', limit: 0 },
                        message: 'must be >= 0',
                        schema: 0,
                        parentSchema: schema29,
                        data: data41,
                      };
                      (vErrors === null ? (vErrors = [err55]) : vErrors.push(err55), errors++);
                    }
                  }
                }
              } else {
                let err56 = {
                  instancePath: instancePath + '/resources/hugepageLimits/' + i10,
                  schemaPath: '#/properties/resources/properties/hugepageLimits/items/type',
                  keyword: 'type',
                  params: { type: 'object' },
                  message: 'must be object',
                  schema: schema44.properties.resources.properties.hugepageLimits.items.type,
                  parentSchema: schema44.properties.resources.properties.hugepageLimits.items,
                  data: data39,
                };
                (vErrors === null ? (vErrors = [err56]) : vErrors.push(err56), errors++);
              }
            }
          } else {
            let err57 = {
              instancePath: instancePath + '/resources/hugepageLimits',
              schemaPath: '#/properties/resources/properties/hugepageLimits/type',
              keyword: 'type',
              params: { type: 'array' },
              message: 'must be array',
              schema: schema44.properties.resources.properties.hugepageLimits.type,
              parentSchema: schema44.properties.resources.properties.hugepageLimits,
              data: data38,
            };
            (vErrors === null ? (vErrors = [err57]) : vErrors.push(err57), errors++);
          }
        }
        if (data8.memory !== void 0) {
          let data42 = data8.memory;
          if (data42 && typeof data42 == 'object' && !Array.isArray(data42)) {
            if (data42.kernel !== void 0) {
              let data43 = data42.kernel;
              if (!(typeof data43 == 'number' && !(data43 % 1) && !isNaN(data43))) {
                let err58 = {
                  instancePath: instancePath + '/resources/memory/kernel',
                  schemaPath: '#/definitions/defs_int64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data43,
                };
                (vErrors === null ? (vErrors = [err58]) : vErrors.push(err58), errors++);
              }
              if (typeof data43 == 'number') {
                if (data43 > 9223372036854776e3 || isNaN(data43)) {
                  let err59 = {
                    instancePath: instancePath + '/resources/memory/kernel',
                    schemaPath: '#/definitions/defs_int64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 9223372036854776e3 },
                    message: 'must be <= 9223372036854776000',
                    schema: 9223372036854776e3,
                    parentSchema: schema49,
                    data: data43,
                  };
                  (vErrors === null ? (vErrors = [err59]) : vErrors.push(err59), errors++);
                }
                if (data43 < -9223372036854776e3 || isNaN(data43)) {
                  let err60 = {
                    instancePath: instancePath + '/resources/memory/kernel',
                    schemaPath: '#/definitions/defs_int64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -9223372036854776e3 },
                    message: 'must be >= -9223372036854776000',
                    schema: -9223372036854776e3,
                    parentSchema: schema49,
                    data: data43,
                  };
                  (vErrors === null ? (vErrors = [err60]) : vErrors.push(err60), errors++);
                }
              }
            }
            if (data42.kernelTCP !== void 0) {
              let data44 = data42.kernelTCP;
              if (!(typeof data44 == 'number' && !(data44 % 1) && !isNaN(data44))) {
                let err61 = {
                  instancePath: instancePath + '/resources/memory/kernelTCP',
                  schemaPath: '#/definitions/defs_int64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data44,
                };
                (vErrors === null ? (vErrors = [err61]) : vErrors.push(err61), errors++);
              }
              if (typeof data44 == 'number') {
                if (data44 > 9223372036854776e3 || isNaN(data44)) {
                  let err62 = {
                    instancePath: instancePath + '/resources/memory/kernelTCP',
                    schemaPath: '#/definitions/defs_int64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 9223372036854776e3 },
                    message: 'must be <= 9223372036854776000',
                    schema: 9223372036854776e3,
                    parentSchema: schema49,
                    data: data44,
                  };
                  (vErrors === null ? (vErrors = [err62]) : vErrors.push(err62), errors++);
                }
                if (data44 < -9223372036854776e3 || isNaN(data44)) {
                  let err63 = {
                    instancePath: instancePath + '/resources/memory/kernelTCP',
                    schemaPath: '#/definitions/defs_int64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -9223372036854776e3 },
                    message: 'must be >= -9223372036854776000',
                    schema: -9223372036854776e3,
                    parentSchema: schema49,
                    data: data44,
                  };
                  (vErrors === null ? (vErrors = [err63]) : vErrors.push(err63), errors++);
                }
              }
            }
            if (data42.limit !== void 0) {
              let data45 = data42.limit;
              if (!(typeof data45 == 'number' && !(data45 % 1) && !isNaN(data45))) {
                let err64 = {
                  instancePath: instancePath + '/resources/memory/limit',
                  schemaPath: '#/definitions/defs_int64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data45,
                };
                (vErrors === null ? (vErrors = [err64]) : vErrors.push(err64), errors++);
              }
              if (typeof data45 == 'number') {
                if (data45 > 9223372036854776e3 || isNaN(data45)) {
                  let err65 = {
                    instancePath: instancePath + '/resources/memory/limit',
                    schemaPath: '#/definitions/defs_int64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 9223372036854776e3 },
                    message: 'must be <= 9223372036854776000',
                    schema: 9223372036854776e3,
                    parentSchema: schema49,
                    data: data45,
                  };
                  (vErrors === null ? (vErrors = [err65]) : vErrors.push(err65), errors++);
                }
                if (data45 < -9223372036854776e3 || isNaN(data45)) {
                  let err66 = {
                    instancePath: instancePath + '/resources/memory/limit',
                    schemaPath: '#/definitions/defs_int64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -9223372036854776e3 },
                    message: 'must be >= -9223372036854776000',
                    schema: -9223372036854776e3,
                    parentSchema: schema49,
                    data: data45,
                  };
                  (vErrors === null ? (vErrors = [err66]) : vErrors.push(err66), errors++);
                }
              }
            }
            if (data42.reservation !== void 0) {
              let data46 = data42.reservation;
              if (!(typeof data46 == 'number' && !(data46 % 1) && !isNaN(data46))) {
                let err67 = {
                  instancePath: instancePath + '/resources/memory/reservation',
                  schemaPath: '#/definitions/defs_int64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data46,
                };
                (vErrors === null ? (vErrors = [err67]) : vErrors.push(err67), errors++);
              }
              if (typeof data46 == 'number') {
                if (data46 > 9223372036854776e3 || isNaN(data46)) {
                  let err68 = {
                    instancePath: instancePath + '/resources/memory/reservation',
                    schemaPath: '#/definitions/defs_int64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 9223372036854776e3 },
                    message: 'must be <= 9223372036854776000',
                    schema: 9223372036854776e3,
                    parentSchema: schema49,
                    data: data46,
                  };
                  (vErrors === null ? (vErrors = [err68]) : vErrors.push(err68), errors++);
                }
                if (data46 < -9223372036854776e3 || isNaN(data46)) {
                  let err69 = {
                    instancePath: instancePath + '/resources/memory/reservation',
                    schemaPath: '#/definitions/defs_int64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -9223372036854776e3 },
                    message: 'must be >= -9223372036854776000',
                    schema: -9223372036854776e3,
                    parentSchema: schema49,
                    data: data46,
                  };
                  (vErrors === null ? (vErrors = [err69]) : vErrors.push(err69), errors++);
                }
              }
            }
            if (data42.swap !== void 0) {
              let data47 = data42.swap;
              if (!(typeof data47 == 'number' && !(data47 % 1) && !isNaN(data47))) {
                let err70 = {
                  instancePath: instancePath + '/resources/memory/swap',
                  schemaPath: '#/definitions/defs_int64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema49.type,
                  parentSchema: schema49,
                  data: data47,
                };
                (vErrors === null ? (vErrors = [err70]) : vErrors.push(err70), errors++);
              }
              if (typeof data47 == 'number') {
                if (data47 > 9223372036854776e3 || isNaN(data47)) {
                  let err71 = {
                    instancePath: instancePath + '/resources/memory/swap',
                    schemaPath: '#/definitions/defs_int64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 9223372036854776e3 },
                    message: 'must be <= 9223372036854776000',
                    schema: 9223372036854776e3,
                    parentSchema: schema49,
                    data: data47,
                  };
                  (vErrors === null ? (vErrors = [err71]) : vErrors.push(err71), errors++);
                }
                if (data47 < -9223372036854776e3 || isNaN(data47)) {
                  let err72 = {
                    instancePath: instancePath + '/resources/memory/swap',
                    schemaPath: '#/definitions/defs_int64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -9223372036854776e3 },
                    message: 'must be >= -9223372036854776000',
                    schema: -9223372036854776e3,
                    parentSchema: schema49,
                    data: data47,
                  };
                  (vErrors === null ? (vErrors = [err72]) : vErrors.push(err72), errors++);
                }
              }
            }
            if (data42.swappiness !== void 0) {
              let data48 = data42.swappiness;
              if (!(typeof data48 == 'number' && !(data48 % 1) && !isNaN(data48))) {
                let err73 = {
                  instancePath: instancePath + '/resources/memory/swappiness',
                  schemaPath: '#/definitions/defs_uint64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema29.type,
                  parentSchema: schema29,
                  data: data48,
                };
                (vErrors === null ? (vErrors = [err73]) : vErrors.push(err73), errors++);
              }
              if (typeof data48 == 'number') {
                if (data48 > 18446744073709552e3 || isNaN(data48)) {
                  let err74 = {
                    instancePath: instancePath + '/resources/memory/swappiness',
                    schemaPath: '#/definitions/defs_uint64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 18446744073709552e3 },
                    message: 'must be <= 18446744073709552000',
                    schema: 18446744073709552e3,
                    parentSchema: schema29,
                    data: data48,
                  };
                  (vErrors === null ? (vErrors = [err74]) : vErrors.push(err74), errors++);
                }
                if (data48 < 0 || isNaN(data48)) {
                  let err75 = {
                    instancePath: instancePath + '/resources/memory/swappiness',
                    schemaPath: '#/definitions/defs_uint64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema29,
                    data: data48,
                  };
                  (vErrors === null ? (vErrors = [err75]) : vErrors.push(err75), errors++);
                }
              }
            }
            if (data42.disableOOMKiller !== void 0) {
              let data49 = data42.disableOOMKiller;
              if (typeof data49 != 'boolean') {
                let err76 = {
                  instancePath: instancePath + '/resources/memory/disableOOMKiller',
                  schemaPath: '#/properties/resources/properties/memory/properties/disableOOMKiller/type',
                  keyword: 'type',
                  params: { type: 'boolean' },
                  message: 'must be boolean',
                  schema: schema44.properties.resources.properties.memory.properties.disableOOMKiller.type,
                  parentSchema: schema44.properties.resources.properties.memory.properties.disableOOMKiller,
                  data: data49,
                };
                (vErrors === null ? (vErrors = [err76]) : vErrors.push(err76), errors++);
              }
            }
            if (data42.useHierarchy !== void 0) {
              let data50 = data42.useHierarchy;
              if (typeof data50 != 'boolean') {
                let err77 = {
                  instancePath: instancePath + '/resources/memory/useHierarchy',
                  schemaPath: '#/properties/resources/properties/memory/properties/useHierarchy/type',
                  keyword: 'type',
                  params: { type: 'boolean' },
                  message: 'must be boolean',
                  schema: schema44.properties.resources.properties.memory.properties.useHierarchy.type,
                  parentSchema: schema44.properties.resources.properties.memory.properties.useHierarchy,
                  data: data50,
                };
                (vErrors === null ? (vErrors = [err77]) : vErrors.push(err77), errors++);
              }
            }
            if (data42.checkBeforeUpdate !== void 0) {
              let data51 = data42.checkBeforeUpdate;
              if (typeof data51 != 'boolean') {
                let err78 = {
                  instancePath: instancePath + '/resources/memory/checkBeforeUpdate',
                  schemaPath: '#/properties/resources/properties/memory/properties/checkBeforeUpdate/type',
                  keyword: 'type',
                  params: { type: 'boolean' },
                  message: 'must be boolean',
                  schema: schema44.properties.resources.properties.memory.properties.checkBeforeUpdate.type,
                  parentSchema: schema44.properties.resources.properties.memory.properties.checkBeforeUpdate,
                  data: data51,
                };
                (vErrors === null ? (vErrors = [err78]) : vErrors.push(err78), errors++);
              }
            }
          } else {
            let err79 = {
              instancePath: instancePath + '/resources/memory',
              schemaPath: '#/properties/resources/properties/memory/type',
              keyword: 'type',
              params: { type: 'object' },
              message: 'must be object',
              schema: schema44.properties.resources.properties.memory.type,
              parentSchema: schema44.properties.resources.properties.memory,
              data: data42,
            };
            (vErrors === null ? (vErrors = [err79]) : vErrors.push(err79), errors++);
          }
        }
        if (data8.network !== void 0) {
          let data52 = data8.network;
          if (data52 && typeof data52 == 'object' && !Array.isArray(data52)) {
            if (data52.classID !== void 0) {
              let data53 = data52.classID;
              if (!(typeof data53 == 'number' && !(data53 % 1) && !isNaN(data53))) {
                let err80 = {
                  instancePath: instancePath + '/resources/network/classID',
                  schemaPath: '#/definitions/defs_uint32/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema24.type,
                  parentSchema: schema24,
                  data: data53,
                };
                (vErrors === null ? (vErrors = [err80]) : vErrors.push(err80), errors++);
              }
              if (typeof data53 == 'number') {
                if (data53 > 4294967295 || isNaN(data53)) {
                  let err81 = {
                    instancePath: instancePath + '/resources/network/classID',
                    schemaPath: '#/definitions/defs_uint32/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 4294967295 },
                    message: 'must be <= 4294967295',
                    schema: 4294967295,
                    parentSchema: schema24,
                    data: data53,
                  };
                  (vErrors === null ? (vErrors = [err81]) : vErrors.push(err81), errors++);
                }
                if (data53 < 0 || isNaN(data53)) {
                  let err82 = {
                    instancePath: instancePath + '/resources/network/classID',
                    schemaPath: '#/definitions/defs_uint32/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema24,
                    data: data53,
                  };
                  (vErrors === null ? (vErrors = [err82]) : vErrors.push(err82), errors++);
                }
              }
            }
            if (data52.priorities !== void 0) {
              let data54 = data52.priorities;
              if (Array.isArray(data54)) {
                let len11 = data54.length;
                for (let i11 = 0; i11 < len11; i11++)
                  validate46(data54[i11], {
                    instancePath: instancePath + '/resources/network/priorities/' + i11,
                    parentData: data54,
                    parentDataProperty: i11,
                    rootData,
                  }) ||
                    ((vErrors = vErrors === null ? validate46.errors : vErrors.concat(validate46.errors)),
                    (errors = vErrors.length));
              } else {
                let err83 = {
                  instancePath: instancePath + '/resources/network/priorities',
                  schemaPath: '#/properties/resources/properties/network/properties/priorities/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema: schema44.properties.resources.properties.network.properties.priorities.type,
                  parentSchema: schema44.properties.resources.properties.network.properties.priorities,
                  data: data54,
                };
                (vErrors === null ? (vErrors = [err83]) : vErrors.push(err83), errors++);
              }
            }
          } else {
            let err84 = {
              instancePath: instancePath + '/resources/network',
              schemaPath: '#/properties/resources/properties/network/type',
              keyword: 'type',
              params: { type: 'object' },
              message: 'must be object',
              schema: schema44.properties.resources.properties.network.type,
              parentSchema: schema44.properties.resources.properties.network,
              data: data52,
            };
            (vErrors === null ? (vErrors = [err84]) : vErrors.push(err84), errors++);
          }
        }
        if (data8.rdma !== void 0) {
          let data56 = data8.rdma;
          if (data56 && typeof data56 == 'object' && !Array.isArray(data56))
            for (let key1 in data56)
              validate48(data56[key1], {
                instancePath:
                  instancePath + '/resources/rdma/' + key1.replace(/~/g, '~0').replace(/\//g, '~1'),
                parentData: data56,
                parentDataProperty: key1,
                rootData,
              }) ||
                ((vErrors = vErrors === null ? validate48.errors : vErrors.concat(validate48.errors)),
                (errors = vErrors.length));
          else {
            let err85 = {
              instancePath: instancePath + '/resources/rdma',
              schemaPath: '#/properties/resources/properties/rdma/type',
              keyword: 'type',
              params: { type: 'object' },
              message: 'must be object',
              schema: schema44.properties.resources.properties.rdma.type,
              parentSchema: schema44.properties.resources.properties.rdma,
              data: data56,
            };
            (vErrors === null ? (vErrors = [err85]) : vErrors.push(err85), errors++);
          }
        }
      } else {
        let err86 = {
          instancePath: instancePath + '/resources',
          schemaPath: '#/properties/resources/type',
          keyword: 'type',
          params: { type: 'object' },
          message: 'must be object',
          schema: schema44.properties.resources.type,
          parentSchema: schema44.properties.resources,
          data: data8,
        };
        (vErrors === null ? (vErrors = [err86]) : vErrors.push(err86), errors++);
      }
    }
    if (data.cgroupsPath !== void 0) {
      let data58 = data.cgroupsPath;
      if (typeof data58 != 'string') {
        let err87 = {
          instancePath: instancePath + '/cgroupsPath',
          schemaPath: '#/properties/cgroupsPath/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema44.properties.cgroupsPath.type,
          parentSchema: schema44.properties.cgroupsPath,
          data: data58,
        };
        (vErrors === null ? (vErrors = [err87]) : vErrors.push(err87), errors++);
      }
    }
    if (data.rootfsPropagation !== void 0) {
      let data59 = data.rootfsPropagation;
      if (typeof data59 != 'string') {
        let err88 = {
          instancePath: instancePath + '/rootfsPropagation',
          schemaPath: '#/definitions/defs-linux_RootfsPropagation/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema91.type,
          parentSchema: schema91,
          data: data59,
        };
        (vErrors === null ? (vErrors = [err88]) : vErrors.push(err88), errors++);
      }
      if (!(data59 === 'private' || data59 === 'shared' || data59 === 'slave' || data59 === 'unbindable')) {
        let err89 = {
          instancePath: instancePath + '/rootfsPropagation',
          schemaPath: '#/definitions/defs-linux_RootfsPropagation/enum',
          keyword: 'enum',
          params: { allowedValues: schema91.enum },
          message: 'must be equal to one of the allowed values',
          schema: schema91.enum,
          parentSchema: schema91,
          data: data59,
        };
        (vErrors === null ? (vErrors = [err89]) : vErrors.push(err89), errors++);
      }
    }
    if (data.seccomp !== void 0) {
      let data60 = data.seccomp;
      if (data60 && typeof data60 == 'object' && !Array.isArray(data60)) {
        if (data60.defaultAction === void 0) {
          let err90 = {
            instancePath: instancePath + '/seccomp',
            schemaPath: '#/properties/seccomp/required',
            keyword: 'required',
            params: { missingProperty: 'defaultAction' },
            message: "must have required property 'defaultAction'",
            schema: schema44.properties.seccomp.required,
            parentSchema: schema44.properties.seccomp,
            data: data60,
          };
          (vErrors === null ? (vErrors = [err90]) : vErrors.push(err90), errors++);
        }
        if (data60.defaultAction !== void 0) {
          let data61 = data60.defaultAction;
          if (typeof data61 != 'string') {
            let err91 = {
              instancePath: instancePath + '/seccomp/defaultAction',
              schemaPath: '#/definitions/defs-linux_SeccompAction/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema92.type,
              parentSchema: schema92,
              data: data61,
            };
            (vErrors === null ? (vErrors = [err91]) : vErrors.push(err91), errors++);
          }
          if (!(
            data61 === 'SCMP_ACT_KILL' ||
            data61 === 'SCMP_ACT_KILL_PROCESS' ||
            data61 === 'SCMP_ACT_KILL_THREAD' ||
            data61 === 'SCMP_ACT_TRAP' ||
            data61 === 'SCMP_ACT_ERRNO' ||
            data61 === 'SCMP_ACT_TRACE' ||
            data61 === 'SCMP_ACT_ALLOW' ||
            data61 === 'SCMP_ACT_LOG' ||
            data61 === 'SCMP_ACT_NOTIFY'
          )) {
            let err92 = {
              instancePath: instancePath + '/seccomp/defaultAction',
              schemaPath: '#/definitions/defs-linux_SeccompAction/enum',
              keyword: 'enum',
              params: { allowedValues: schema92.enum },
              message: 'must be equal to one of the allowed values',
              schema: schema92.enum,
              parentSchema: schema92,
              data: data61,
            };
            (vErrors === null ? (vErrors = [err92]) : vErrors.push(err92), errors++);
          }
        }
        if (data60.defaultErrnoRet !== void 0) {
          let data62 = data60.defaultErrnoRet;
          if (!(typeof data62 == 'number' && !(data62 % 1) && !isNaN(data62))) {
            let err93 = {
              instancePath: instancePath + '/seccomp/defaultErrnoRet',
              schemaPath: '#/definitions/defs_uint32/type',
              keyword: 'type',
              params: { type: 'integer' },
              message: 'must be integer',
              schema: schema24.type,
              parentSchema: schema24,
              data: data62,
            };
            (vErrors === null ? (vErrors = [err93]) : vErrors.push(err93), errors++);
          }
          if (typeof data62 == 'number') {
            if (data62 > 4294967295 || isNaN(data62)) {
              let err94 = {
                instancePath: instancePath + '/seccomp/defaultErrnoRet',
                schemaPath: '#/definitions/defs_uint32/maximum',
                keyword: 'maximum',
                params: { comparison: '<=', limit: 4294967295 },
                message: 'must be <= 4294967295',
                schema: 4294967295,
                parentSchema: schema24,
                data: data62,
              };
              (vErrors === null ? (vErrors = [err94]) : vErrors.push(err94), errors++);
            }
            if (data62 < 0 || isNaN(data62)) {
              let err95 = {
                instancePath: instancePath + '/seccomp/defaultErrnoRet',
                schemaPath: '#/definitions/defs_uint32/minimum',
                keyword: 'minimum',
                params: { comparison: '>=', limit: 0 },
                message: 'must be >= 0',
                schema: 0,
                parentSchema: schema24,
                data: data62,
              };
              (vErrors === null ? (vErrors = [err95]) : vErrors.push(err95), errors++);
            }
          }
        }
        if (data60.flags !== void 0) {
          let data63 = data60.flags;
          if (Array.isArray(data63)) {
            let len12 = data63.length;
            for (let i12 = 0; i12 < len12; i12++) {
              let data64 = data63[i12];
              if (typeof data64 != 'string') {
                let err96 = {
                  instancePath: instancePath + '/seccomp/flags/' + i12,
                  schemaPath: '#/definitions/defs-linux_SeccompFlag/type',
                  keyword: 'type',
                  params: { type: 'string' },
                  message: 'must be string',
                  schema: schema94.type,
                  parentSchema: schema94,
                  data: data64,
                };
                (vErrors === null ? (vErrors = [err96]) : vErrors.push(err96), errors++);
              }
              if (!(
                data64 === 'SECCOMP_FILTER_FLAG_TSYNC' ||
                data64 === 'SECCOMP_FILTER_FLAG_LOG' ||
                data64 === 'SECCOMP_FILTER_FLAG_SPEC_ALLOW' ||
                data64 === 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'
              )) {
                let err97 = {
                  instancePath: instancePath + '/seccomp/flags/' + i12,
                  schemaPath: '#/definitions/defs-linux_SeccompFlag/enum',
                  keyword: 'enum',
                  params: { allowedValues: schema94.enum },
                  message: 'must be equal to one of the allowed values',
                  schema: schema94.enum,
                  parentSchema: schema94,
                  data: data64,
                };
                (vErrors === null ? (vErrors = [err97]) : vErrors.push(err97), errors++);
              }
            }
          } else {
            let err98 = {
              instancePath: instancePath + '/seccomp/flags',
              schemaPath: '#/properties/seccomp/properties/flags/type',
              keyword: 'type',
              params: { type: 'array' },
              message: 'must be array',
              schema: schema44.properties.seccomp.properties.flags.type,
              parentSchema: schema44.properties.seccomp.properties.flags,
              data: data63,
            };
            (vErrors === null ? (vErrors = [err98]) : vErrors.push(err98), errors++);
          }
        }
        if (data60.listenerPath !== void 0) {
          let data65 = data60.listenerPath;
          if (typeof data65 != 'string') {
            let err99 = {
              instancePath: instancePath + '/seccomp/listenerPath',
              schemaPath: '#/properties/seccomp/properties/listenerPath/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema44.properties.seccomp.properties.listenerPath.type,
              parentSchema: schema44.properties.seccomp.properties.listenerPath,
              data: data65,
            };
            (vErrors === null ? (vErrors = [err99]) : vErrors.push(err99), errors++);
          }
        }
        if (data60.listenerMetadata !== void 0) {
          let data66 = data60.listenerMetadata;
          if (typeof data66 != 'string') {
            let err100 = {
              instancePath: instancePath + '/seccomp/listenerMetadata',
              schemaPath: '#/properties/seccomp/properties/listenerMetadata/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema44.properties.seccomp.properties.listenerMetadata.type,
              parentSchema: schema44.properties.seccomp.properties.listenerMetadata,
              data: data66,
            };
            (vErrors === null ? (vErrors = [err100]) : vErrors.push(err100), errors++);
          }
        }
        if (data60.architectures !== void 0) {
          let data67 = data60.architectures;
          if (Array.isArray(data67)) {
            let len13 = data67.length;
            for (let i13 = 0; i13 < len13; i13++) {
              let data68 = data67[i13];
              if (typeof data68 != 'string') {
                let err101 = {
                  instancePath: instancePath + '/seccomp/architectures/' + i13,
                  schemaPath: '#/definitions/defs-linux_SeccompArch/type',
                  keyword: 'type',
                  params: { type: 'string' },
                  message: 'must be string',
                  schema: schema95.type,
                  parentSchema: schema95,
                  data: data68,
                };
                (vErrors === null ? (vErrors = [err101]) : vErrors.push(err101), errors++);
              }
              if (!(
                data68 === 'SCMP_ARCH_X86' ||
                data68 === 'SCMP_ARCH_X86_64' ||
                data68 === 'SCMP_ARCH_X32' ||
                data68 === 'SCMP_ARCH_ARM' ||
                data68 === 'SCMP_ARCH_AARCH64' ||
                data68 === 'SCMP_ARCH_MIPS' ||
                data68 === 'SCMP_ARCH_MIPS64' ||
                data68 === 'SCMP_ARCH_MIPS64N32' ||
                data68 === 'SCMP_ARCH_MIPSEL' ||
                data68 === 'SCMP_ARCH_MIPSEL64' ||
                data68 === 'SCMP_ARCH_MIPSEL64N32' ||
                data68 === 'SCMP_ARCH_PPC' ||
                data68 === 'SCMP_ARCH_PPC64' ||
                data68 === 'SCMP_ARCH_PPC64LE' ||
                data68 === 'SCMP_ARCH_S390' ||
                data68 === 'SCMP_ARCH_S390X' ||
                data68 === 'SCMP_ARCH_PARISC' ||
                data68 === 'SCMP_ARCH_PARISC64' ||
                data68 === 'SCMP_ARCH_RISCV64'
              )) {
                let err102 = {
                  instancePath: instancePath + '/seccomp/architectures/' + i13,
                  schemaPath: '#/definitions/defs-linux_SeccompArch/enum',
                  keyword: 'enum',
                  params: { allowedValues: schema95.enum },
                  message: 'must be equal to one of the allowed values',
                  schema: schema95.enum,
                  parentSchema: schema95,
                  data: data68,
                };
                (vErrors === null ? (vErrors = [err102]) : vErrors.push(err102), errors++);
              }
            }
          } else {
            let err103 = {
              instancePath: instancePath + '/seccomp/architectures',
              schemaPath: '#/properties/seccomp/properties/architectures/type',
              keyword: 'type',
              params: { type: 'array' },
              message: 'must be array',
              schema: schema44.properties.seccomp.properties.architectures.type,
              parentSchema: schema44.properties.seccomp.properties.architectures,
              data: data67,
            };
            (vErrors === null ? (vErrors = [err103]) : vErrors.push(err103), errors++);
          }
        }
        if (data60.syscalls !== void 0) {
          let data69 = data60.syscalls;
          if (Array.isArray(data69)) {
            let len14 = data69.length;
            for (let i14 = 0; i14 < len14; i14++)
              validate50(data69[i14], {
                instancePath: instancePath + '/seccomp/syscalls/' + i14,
                parentData: data69,
                parentDataProperty: i14,
                rootData,
              }) ||
                ((vErrors = vErrors === null ? validate50.errors : vErrors.concat(validate50.errors)),
                (errors = vErrors.length));
          } else {
            let err104 = {
              instancePath: instancePath + '/seccomp/syscalls',
              schemaPath: '#/properties/seccomp/properties/syscalls/type',
              keyword: 'type',
              params: { type: 'array' },
              message: 'must be array',
              schema: schema44.properties.seccomp.properties.syscalls.type,
              parentSchema: schema44.properties.seccomp.properties.syscalls,
              data: data69,
            };
            (vErrors === null ? (vErrors = [err104]) : vErrors.push(err104), errors++);
          }
        }
      } else {
        let err105 = {
          instancePath: instancePath + '/seccomp',
          schemaPath: '#/properties/seccomp/type',
          keyword: 'type',
          params: { type: 'object' },
          message: 'must be object',
          schema: schema44.properties.seccomp.type,
          parentSchema: schema44.properties.seccomp,
          data: data60,
        };
        (vErrors === null ? (vErrors = [err105]) : vErrors.push(err105), errors++);
      }
    }
    if (data.sysctl !== void 0) {
      let data71 = data.sysctl;
      if (data71 && typeof data71 == 'object' && !Array.isArray(data71)) {
        for (let key2 in data71)
          if (pattern0.test(key2)) {
            let data72 = data71[key2];
            if (typeof data72 != 'string') {
              let err106 = {
                instancePath: instancePath + '/sysctl/' + key2.replace(/~/g, '~0').replace(/\//g, '~1'),
                schemaPath: '#/definitions/defs_mapStringString/patternProperties/.%7B1%2C%7D/type',
                keyword: 'type',
                params: { type: 'string' },
                message: 'must be string',
                schema: schema18.patternProperties['.{1,}'].type,
                parentSchema: schema18.patternProperties['.{1,}'],
                data: data72,
              };
              (vErrors === null ? (vErrors = [err106]) : vErrors.push(err106), errors++);
            }
          }
      } else {
        let err107 = {
          instancePath: instancePath + '/sysctl',
          schemaPath: '#/definitions/defs_mapStringString/type',
          keyword: 'type',
          params: { type: 'object' },
          message: 'must be object',
          schema: schema18.type,
          parentSchema: schema18,
          data: data71,
        };
        (vErrors === null ? (vErrors = [err107]) : vErrors.push(err107), errors++);
      }
    }
    if (data.maskedPaths !== void 0) {
      let data73 = data.maskedPaths;
      if (Array.isArray(data73)) {
        let len15 = data73.length;
        for (let i15 = 0; i15 < len15; i15++) {
          let data74 = data73[i15];
          if (typeof data74 != 'string') {
            let err108 = {
              instancePath: instancePath + '/maskedPaths/' + i15,
              schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema16.items.type,
              parentSchema: schema16.items,
              data: data74,
            };
            (vErrors === null ? (vErrors = [err108]) : vErrors.push(err108), errors++);
          }
        }
      } else {
        let err109 = {
          instancePath: instancePath + '/maskedPaths',
          schemaPath: '#/definitions/defs_ArrayOfStrings/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema16.type,
          parentSchema: schema16,
          data: data73,
        };
        (vErrors === null ? (vErrors = [err109]) : vErrors.push(err109), errors++);
      }
    }
    if (data.readonlyPaths !== void 0) {
      let data75 = data.readonlyPaths;
      if (Array.isArray(data75)) {
        let len16 = data75.length;
        for (let i16 = 0; i16 < len16; i16++) {
          let data76 = data75[i16];
          if (typeof data76 != 'string') {
            let err110 = {
              instancePath: instancePath + '/readonlyPaths/' + i16,
              schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema16.items.type,
              parentSchema: schema16.items,
              data: data76,
            };
            (vErrors === null ? (vErrors = [err110]) : vErrors.push(err110), errors++);
          }
        }
      } else {
        let err111 = {
          instancePath: instancePath + '/readonlyPaths',
          schemaPath: '#/definitions/defs_ArrayOfStrings/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema16.type,
          parentSchema: schema16,
          data: data75,
        };
        (vErrors === null ? (vErrors = [err111]) : vErrors.push(err111), errors++);
      }
    }
    if (data.mountLabel !== void 0) {
      let data77 = data.mountLabel;
      if (typeof data77 != 'string') {
        let err112 = {
          instancePath: instancePath + '/mountLabel',
          schemaPath: '#/properties/mountLabel/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema44.properties.mountLabel.type,
          parentSchema: schema44.properties.mountLabel,
          data: data77,
        };
        (vErrors === null ? (vErrors = [err112]) : vErrors.push(err112), errors++);
      }
    }
    if (data.intelRdt !== void 0) {
      let data78 = data.intelRdt;
      if (data78 && typeof data78 == 'object' && !Array.isArray(data78)) {
        if (data78.closID !== void 0) {
          let data79 = data78.closID;
          if (typeof data79 != 'string') {
            let err113 = {
              instancePath: instancePath + '/intelRdt/closID',
              schemaPath: '#/properties/intelRdt/properties/closID/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema44.properties.intelRdt.properties.closID.type,
              parentSchema: schema44.properties.intelRdt.properties.closID,
              data: data79,
            };
            (vErrors === null ? (vErrors = [err113]) : vErrors.push(err113), errors++);
          }
        }
        if (data78.l3CacheSchema !== void 0) {
          let data80 = data78.l3CacheSchema;
          if (typeof data80 != 'string') {
            let err114 = {
              instancePath: instancePath + '/intelRdt/l3CacheSchema',
              schemaPath: '#/properties/intelRdt/properties/l3CacheSchema/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema44.properties.intelRdt.properties.l3CacheSchema.type,
              parentSchema: schema44.properties.intelRdt.properties.l3CacheSchema,
              data: data80,
            };
            (vErrors === null ? (vErrors = [err114]) : vErrors.push(err114), errors++);
          }
        }
        if (data78.memBwSchema !== void 0) {
          let data81 = data78.memBwSchema;
          if (typeof data81 == 'string') {
            if (!pattern6.test(data81)) {
              let err115 = {
                instancePath: instancePath + '/intelRdt/memBwSchema',
                schemaPath: '#/properties/intelRdt/properties/memBwSchema/pattern',
                keyword: 'pattern',
                params: { pattern: '^MB:[^\\n]*$' },
                message: 'must match pattern "^MB:[^\\n]*$"',
                schema: '^MB:[^\\n]*$',
                parentSchema: schema44.properties.intelRdt.properties.memBwSchema,
                data: data81,
              };
              (vErrors === null ? (vErrors = [err115]) : vErrors.push(err115), errors++);
            }
          } else {
            let err116 = {
              instancePath: instancePath + '/intelRdt/memBwSchema',
              schemaPath: '#/properties/intelRdt/properties/memBwSchema/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema44.properties.intelRdt.properties.memBwSchema.type,
              parentSchema: schema44.properties.intelRdt.properties.memBwSchema,
              data: data81,
            };
            (vErrors === null ? (vErrors = [err116]) : vErrors.push(err116), errors++);
          }
        }
        if (data78.enableCMT !== void 0) {
          let data82 = data78.enableCMT;
          if (typeof data82 != 'boolean') {
            let err117 = {
              instancePath: instancePath + '/intelRdt/enableCMT',
              schemaPath: '#/properties/intelRdt/properties/enableCMT/type',
              keyword: 'type',
              params: { type: 'boolean' },
              message: 'must be boolean',
              schema: schema44.properties.intelRdt.properties.enableCMT.type,
              parentSchema: schema44.properties.intelRdt.properties.enableCMT,
              data: data82,
            };
            (vErrors === null ? (vErrors = [err117]) : vErrors.push(err117), errors++);
          }
        }
        if (data78.enableMBM !== void 0) {
          let data83 = data78.enableMBM;
          if (typeof data83 != 'boolean') {
            let err118 = {
              instancePath: instancePath + '/intelRdt/enableMBM',
              schemaPath: '#/properties/intelRdt/properties/enableMBM/type',
              keyword: 'type',
              params: { type: 'boolean' },
              message: 'must be boolean',
              schema: schema44.properties.intelRdt.properties.enableMBM.type,
              parentSchema: schema44.properties.intelRdt.properties.enableMBM,
              data: data83,
            };
            (vErrors === null ? (vErrors = [err118]) : vErrors.push(err118), errors++);
          }
        }
      } else {
        let err119 = {
          instancePath: instancePath + '/intelRdt',
          schemaPath: '#/properties/intelRdt/type',
          keyword: 'type',
          params: { type: 'object' },
          message: 'must be object',
          schema: schema44.properties.intelRdt.type,
          parentSchema: schema44.properties.intelRdt,
          data: data78,
        };
        (vErrors === null ? (vErrors = [err119]) : vErrors.push(err119), errors++);
      }
    }
    data.personality !== void 0 &&
      (validate54(data.personality, {
        instancePath: instancePath + '/personality',
        parentData: data,
        parentDataProperty: 'personality',
        rootData,
      }) ||
        ((vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors)),
        (errors = vErrors.length)));
  } else {
    let err120 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema44.type,
      parentSchema: schema44,
      data,
    };
    (vErrors === null ? (vErrors = [err120]) : vErrors.push(err120), errors++);
  }
  return ((validate27.errors = vErrors), errors === 0);
}
var pattern1 = new RegExp('^RLIMIT_[A-Z]+$', 'u');
function validate10(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null,
    errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.ociVersion === void 0) {
      let err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'ociVersion' },
        message: "must have required property 'ociVersion'",
        schema: schema11.required,
        parentSchema: schema11,
        data,
      };
      (vErrors === null ? (vErrors = [err0]) : vErrors.push(err0), errors++);
    }
    if (data.ociVersion !== void 0) {
      let data0 = data.ociVersion;
      if (typeof data0 != 'string') {
        let err1 = {
          instancePath: instancePath + '/ociVersion',
          schemaPath: '#/definitions/defs_ociVersion/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema12.type,
          parentSchema: schema12,
          data: data0,
        };
        (vErrors === null ? (vErrors = [err1]) : vErrors.push(err1), errors++);
      }
    }
    if (data.hooks !== void 0) {
      let data1 = data.hooks;
      if (data1 && typeof data1 == 'object' && !Array.isArray(data1))
        (data1.prestart !== void 0 &&
          (validate11(data1.prestart, {
            instancePath: instancePath + '/hooks/prestart',
            parentData: data1,
            parentDataProperty: 'prestart',
            rootData,
          }) ||
            ((vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors)),
            (errors = vErrors.length))),
          data1.createRuntime !== void 0 &&
            (validate11(data1.createRuntime, {
              instancePath: instancePath + '/hooks/createRuntime',
              parentData: data1,
              parentDataProperty: 'createRuntime',
              rootData,
            }) ||
              ((vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors)),
              (errors = vErrors.length))),
          data1.createContainer !== void 0 &&
            (validate11(data1.createContainer, {
              instancePath: instancePath + '/hooks/createContainer',
              parentData: data1,
              parentDataProperty: 'createContainer',
              rootData,
            }) ||
              ((vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors)),
              (errors = vErrors.length))),
          data1.startContainer !== void 0 &&
            (validate11(data1.startContainer, {
              instancePath: instancePath + '/hooks/startContainer',
              parentData: data1,
              parentDataProperty: 'startContainer',
              rootData,
            }) ||
              ((vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors)),
              (errors = vErrors.length))),
          data1.poststart !== void 0 &&
            (validate11(data1.poststart, {
              instancePath: instancePath + '/hooks/poststart',
              parentData: data1,
              parentDataProperty: 'poststart',
              rootData,
            }) ||
              ((vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors)),
              (errors = vErrors.length))),
          data1.poststop !== void 0 &&
            (validate11(data1.poststop, {
              instancePath: instancePath + '/hooks/poststop',
              parentData: data1,
              parentDataProperty: 'poststop',
              rootData,
            }) ||
              ((vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors)),
              (errors = vErrors.length))));
      else {
        let err2 = {
          instancePath: instancePath + '/hooks',
          schemaPath: '#/properties/hooks/type',
          keyword: 'type',
          params: { type: 'object' },
          message: 'must be object',
          schema: schema11.properties.hooks.type,
          parentSchema: schema11.properties.hooks,
          data: data1,
        };
        (vErrors === null ? (vErrors = [err2]) : vErrors.push(err2), errors++);
      }
    }
    if (data.annotations !== void 0) {
      let data8 = data.annotations;
      if (data8 && typeof data8 == 'object' && !Array.isArray(data8)) {
        for (let key0 in data8)
          if (pattern0.test(key0)) {
            let data9 = data8[key0];
            if (typeof data9 != 'string') {
              let err3 = {
                instancePath: instancePath + '/annotations/' + key0.replace(/~/g, '~0').replace(/\//g, '~1'),
                schemaPath: '#/definitions/defs_annotations/patternProperties/.%7B1%2C%7D/type',
                keyword: 'type',
                params: { type: 'string' },
                message: 'must be string',
                schema: schema18.patternProperties['.{1,}'].type,
                parentSchema: schema18.patternProperties['.{1,}'],
                data: data9,
              };
              (vErrors === null ? (vErrors = [err3]) : vErrors.push(err3), errors++);
            }
          }
      } else {
        let err4 = {
          instancePath: instancePath + '/annotations',
          schemaPath: '#/definitions/defs_annotations/type',
          keyword: 'type',
          params: { type: 'object' },
          message: 'must be object',
          schema: schema18.type,
          parentSchema: schema18,
          data: data8,
        };
        (vErrors === null ? (vErrors = [err4]) : vErrors.push(err4), errors++);
      }
    }
    if (data.hostname !== void 0) {
      let data10 = data.hostname;
      if (typeof data10 != 'string') {
        let err5 = {
          instancePath: instancePath + '/hostname',
          schemaPath: '#/properties/hostname/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema11.properties.hostname.type,
          parentSchema: schema11.properties.hostname,
          data: data10,
        };
        (vErrors === null ? (vErrors = [err5]) : vErrors.push(err5), errors++);
      }
    }
    if (data.domainname !== void 0) {
      let data11 = data.domainname;
      if (typeof data11 != 'string') {
        let err6 = {
          instancePath: instancePath + '/domainname',
          schemaPath: '#/properties/domainname/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
          schema: schema11.properties.domainname.type,
          parentSchema: schema11.properties.domainname,
          data: data11,
        };
        (vErrors === null ? (vErrors = [err6]) : vErrors.push(err6), errors++);
      }
    }
    if (data.mounts !== void 0) {
      let data12 = data.mounts;
      if (Array.isArray(data12)) {
        let len0 = data12.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate20(data12[i0], {
            instancePath: instancePath + '/mounts/' + i0,
            parentData: data12,
            parentDataProperty: i0,
            rootData,
          }) ||
            ((vErrors = vErrors === null ? validate20.errors : vErrors.concat(validate20.errors)),
            (errors = vErrors.length));
      } else {
        let err7 = {
          instancePath: instancePath + '/mounts',
          schemaPath: '#/properties/mounts/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
          schema: schema11.properties.mounts.type,
          parentSchema: schema11.properties.mounts,
          data: data12,
        };
        (vErrors === null ? (vErrors = [err7]) : vErrors.push(err7), errors++);
      }
    }
    if (data.root !== void 0) {
      let data14 = data.root;
      if (data14 && typeof data14 == 'object' && !Array.isArray(data14)) {
        if (data14.path === void 0) {
          let err8 = {
            instancePath: instancePath + '/root',
            schemaPath: '#/properties/root/required',
            keyword: 'required',
            params: { missingProperty: 'path' },
            message: "must have required property 'path'",
            schema: schema11.properties.root.required,
            parentSchema: schema11.properties.root,
            data: data14,
          };
          (vErrors === null ? (vErrors = [err8]) : vErrors.push(err8), errors++);
        }
        if (data14.path !== void 0) {
          let data15 = data14.path;
          if (typeof data15 != 'string') {
            let err9 = {
              instancePath: instancePath + '/root/path',
              schemaPath: '#/definitions/defs_FilePath/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema15.type,
              parentSchema: schema15,
              data: data15,
            };
            (vErrors === null ? (vErrors = [err9]) : vErrors.push(err9), errors++);
          }
        }
        if (data14.readonly !== void 0) {
          let data16 = data14.readonly;
          if (typeof data16 != 'boolean') {
            let err10 = {
              instancePath: instancePath + '/root/readonly',
              schemaPath: '#/properties/root/properties/readonly/type',
              keyword: 'type',
              params: { type: 'boolean' },
              message: 'must be boolean',
              schema: schema11.properties.root.properties.readonly.type,
              parentSchema: schema11.properties.root.properties.readonly,
              data: data16,
            };
            (vErrors === null ? (vErrors = [err10]) : vErrors.push(err10), errors++);
          }
        }
      } else {
        let err11 = {
          instancePath: instancePath + '/root',
          schemaPath: '#/properties/root/type',
          keyword: 'type',
          params: { type: 'object' },
          message: 'must be object',
          schema: schema11.properties.root.type,
          parentSchema: schema11.properties.root,
          data: data14,
        };
        (vErrors === null ? (vErrors = [err11]) : vErrors.push(err11), errors++);
      }
    }
    if (data.process !== void 0) {
      let data17 = data.process;
      if (data17 && typeof data17 == 'object' && !Array.isArray(data17)) {
        if (data17.cwd === void 0) {
          let err12 = {
            instancePath: instancePath + '/process',
            schemaPath: '#/properties/process/required',
            keyword: 'required',
            params: { missingProperty: 'cwd' },
            message: "must have required property 'cwd'",
            schema: schema11.properties.process.required,
            parentSchema: schema11.properties.process,
            data: data17,
          };
          (vErrors === null ? (vErrors = [err12]) : vErrors.push(err12), errors++);
        }
        if (data17.args !== void 0) {
          let data18 = data17.args;
          if (Array.isArray(data18)) {
            let len1 = data18.length;
            for (let i1 = 0; i1 < len1; i1++) {
              let data19 = data18[i1];
              if (typeof data19 != 'string') {
                let err13 = {
                  instancePath: instancePath + '/process/args/' + i1,
                  schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
                  keyword: 'type',
                  params: { type: 'string' },
                  message: 'must be string',
                  schema: schema16.items.type,
                  parentSchema: schema16.items,
                  data: data19,
                };
                (vErrors === null ? (vErrors = [err13]) : vErrors.push(err13), errors++);
              }
            }
          } else {
            let err14 = {
              instancePath: instancePath + '/process/args',
              schemaPath: '#/definitions/defs_ArrayOfStrings/type',
              keyword: 'type',
              params: { type: 'array' },
              message: 'must be array',
              schema: schema16.type,
              parentSchema: schema16,
              data: data18,
            };
            (vErrors === null ? (vErrors = [err14]) : vErrors.push(err14), errors++);
          }
        }
        if (data17.commandLine !== void 0) {
          let data20 = data17.commandLine;
          if (typeof data20 != 'string') {
            let err15 = {
              instancePath: instancePath + '/process/commandLine',
              schemaPath: '#/properties/process/properties/commandLine/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema11.properties.process.properties.commandLine.type,
              parentSchema: schema11.properties.process.properties.commandLine,
              data: data20,
            };
            (vErrors === null ? (vErrors = [err15]) : vErrors.push(err15), errors++);
          }
        }
        if (data17.consoleSize !== void 0) {
          let data21 = data17.consoleSize;
          if (data21 && typeof data21 == 'object' && !Array.isArray(data21)) {
            if (data21.height === void 0) {
              let err16 = {
                instancePath: instancePath + '/process/consoleSize',
                schemaPath: '#/properties/process/properties/consoleSize/required',
                keyword: 'required',
                params: { missingProperty: 'height' },
                message: "must have required property 'height'",
                schema: schema11.properties.process.properties.consoleSize.required,
                parentSchema: schema11.properties.process.properties.consoleSize,
                data: data21,
              };
              (vErrors === null ? (vErrors = [err16]) : vErrors.push(err16), errors++);
            }
            if (data21.width === void 0) {
              let err17 = {
                instancePath: instancePath + '/process/consoleSize',
                schemaPath: '#/properties/process/properties/consoleSize/required',
                keyword: 'required',
                params: { missingProperty: 'width' },
                message: "must have required property 'width'",
                schema: schema11.properties.process.properties.consoleSize.required,
                parentSchema: schema11.properties.process.properties.consoleSize,
                data: data21,
              };
              (vErrors === null ? (vErrors = [err17]) : vErrors.push(err17), errors++);
            }
            if (data21.height !== void 0) {
              let data22 = data21.height;
              if (!(typeof data22 == 'number' && !(data22 % 1) && !isNaN(data22))) {
                let err18 = {
                  instancePath: instancePath + '/process/consoleSize/height',
                  schemaPath: '#/definitions/defs_uint64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema29.type,
                  parentSchema: schema29,
                  data: data22,
                };
                (vErrors === null ? (vErrors = [err18]) : vErrors.push(err18), errors++);
              }
              if (typeof data22 == 'number') {
                if (data22 > 18446744073709552e3 || isNaN(data22)) {
                  let err19 = {
                    instancePath: instancePath + '/process/consoleSize/height',
                    schemaPath: '#/definitions/defs_uint64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 18446744073709552e3 },
                    message: 'must be <= 18446744073709552000',
                    schema: 18446744073709552e3,
                    parentSchema: schema29,
                    data: data22,
                  };
                  (vErrors === null ? (vErrors = [err19]) : vErrors.push(err19), errors++);
                }
                if (data22 < 0 || isNaN(data22)) {
                  let err20 = {
                    instancePath: instancePath + '/process/consoleSize/height',
                    schemaPath: '#/definitions/defs_uint64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema29,
                    data: data22,
                  };
                  (vErrors === null ? (vErrors = [err20]) : vErrors.push(err20), errors++);
                }
              }
            }
            if (data21.width !== void 0) {
              let data23 = data21.width;
              if (!(typeof data23 == 'number' && !(data23 % 1) && !isNaN(data23))) {
                let err21 = {
                  instancePath: instancePath + '/process/consoleSize/width',
                  schemaPath: '#/definitions/defs_uint64/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema29.type,
                  parentSchema: schema29,
                  data: data23,
                };
                (vErrors === null ? (vErrors = [err21]) : vErrors.push(err21), errors++);
              }
              if (typeof data23 == 'number') {
                if (data23 > 18446744073709552e3 || isNaN(data23)) {
                  let err22 = {
                    instancePath: instancePath + '/process/consoleSize/width',
                    schemaPath: '#/definitions/defs_uint64/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 18446744073709552e3 },
                    message: 'must be <= 18446744073709552000',
                    schema: 18446744073709552e3,
                    parentSchema: schema29,
                    data: data23,
                  };
                  (vErrors === null ? (vErrors = [err22]) : vErrors.push(err22), errors++);
                }
                if (data23 < 0 || isNaN(data23)) {
                  let err23 = {
                    instancePath: instancePath + '/process/consoleSize/width',
                    schemaPath: '#/definitions/defs_uint64/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema29,
                    data: data23,
                  };
                  (vErrors === null ? (vErrors = [err23]) : vErrors.push(err23), errors++);
                }
              }
            }
          } else {
            let err24 = {
              instancePath: instancePath + '/process/consoleSize',
              schemaPath: '#/properties/process/properties/consoleSize/type',
              keyword: 'type',
              params: { type: 'object' },
              message: 'must be object',
              schema: schema11.properties.process.properties.consoleSize.type,
              parentSchema: schema11.properties.process.properties.consoleSize,
              data: data21,
            };
            (vErrors === null ? (vErrors = [err24]) : vErrors.push(err24), errors++);
          }
        }
        if (data17.cwd !== void 0) {
          let data24 = data17.cwd;
          if (typeof data24 != 'string') {
            let err25 = {
              instancePath: instancePath + '/process/cwd',
              schemaPath: '#/properties/process/properties/cwd/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema11.properties.process.properties.cwd.type,
              parentSchema: schema11.properties.process.properties.cwd,
              data: data24,
            };
            (vErrors === null ? (vErrors = [err25]) : vErrors.push(err25), errors++);
          }
        }
        if (data17.env !== void 0) {
          let data25 = data17.env;
          if (Array.isArray(data25)) {
            let len2 = data25.length;
            for (let i2 = 0; i2 < len2; i2++) {
              let data26 = data25[i2];
              if (typeof data26 != 'string') {
                let err26 = {
                  instancePath: instancePath + '/process/env/' + i2,
                  schemaPath: '#/definitions/defs_Env/items/type',
                  keyword: 'type',
                  params: { type: 'string' },
                  message: 'must be string',
                  schema: schema16.items.type,
                  parentSchema: schema16.items,
                  data: data26,
                };
                (vErrors === null ? (vErrors = [err26]) : vErrors.push(err26), errors++);
              }
            }
          } else {
            let err27 = {
              instancePath: instancePath + '/process/env',
              schemaPath: '#/definitions/defs_Env/type',
              keyword: 'type',
              params: { type: 'array' },
              message: 'must be array',
              schema: schema16.type,
              parentSchema: schema16,
              data: data25,
            };
            (vErrors === null ? (vErrors = [err27]) : vErrors.push(err27), errors++);
          }
        }
        if (data17.terminal !== void 0) {
          let data27 = data17.terminal;
          if (typeof data27 != 'boolean') {
            let err28 = {
              instancePath: instancePath + '/process/terminal',
              schemaPath: '#/properties/process/properties/terminal/type',
              keyword: 'type',
              params: { type: 'boolean' },
              message: 'must be boolean',
              schema: schema11.properties.process.properties.terminal.type,
              parentSchema: schema11.properties.process.properties.terminal,
              data: data27,
            };
            (vErrors === null ? (vErrors = [err28]) : vErrors.push(err28), errors++);
          }
        }
        if (data17.user !== void 0) {
          let data28 = data17.user;
          if (data28 && typeof data28 == 'object' && !Array.isArray(data28)) {
            if (data28.uid !== void 0) {
              let data29 = data28.uid;
              if (!(typeof data29 == 'number' && !(data29 % 1) && !isNaN(data29))) {
                let err29 = {
                  instancePath: instancePath + '/process/user/uid',
                  schemaPath: '#/definitions/defs_UID/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema24.type,
                  parentSchema: schema24,
                  data: data29,
                };
                (vErrors === null ? (vErrors = [err29]) : vErrors.push(err29), errors++);
              }
              if (typeof data29 == 'number') {
                if (data29 > 4294967295 || isNaN(data29)) {
                  let err30 = {
                    instancePath: instancePath + '/process/user/uid',
                    schemaPath: '#/definitions/defs_UID/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 4294967295 },
                    message: 'must be <= 4294967295',
                    schema: 4294967295,
                    parentSchema: schema24,
                    data: data29,
                  };
                  (vErrors === null ? (vErrors = [err30]) : vErrors.push(err30), errors++);
                }
                if (data29 < 0 || isNaN(data29)) {
                  let err31 = {
                    instancePath: instancePath + '/process/user/uid',
                    schemaPath: '#/definitions/defs_UID/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema24,
                    data: data29,
                  };
                  (vErrors === null ? (vErrors = [err31]) : vErrors.push(err31), errors++);
                }
              }
            }
            if (data28.gid !== void 0) {
              let data30 = data28.gid;
              if (!(typeof data30 == 'number' && !(data30 % 1) && !isNaN(data30))) {
                let err32 = {
                  instancePath: instancePath + '/process/user/gid',
                  schemaPath: '#/definitions/defs_GID/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema24.type,
                  parentSchema: schema24,
                  data: data30,
                };
                (vErrors === null ? (vErrors = [err32]) : vErrors.push(err32), errors++);
              }
              if (typeof data30 == 'number') {
                if (data30 > 4294967295 || isNaN(data30)) {
                  let err33 = {
                    instancePath: instancePath + '/process/user/gid',
                    schemaPath: '#/definitions/defs_GID/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 4294967295 },
                    message: 'must be <= 4294967295',
                    schema: 4294967295,
                    parentSchema: schema24,
                    data: data30,
                  };
                  (vErrors === null ? (vErrors = [err33]) : vErrors.push(err33), errors++);
                }
                if (data30 < 0 || isNaN(data30)) {
                  let err34 = {
                    instancePath: instancePath + '/process/user/gid',
                    schemaPath: '#/definitions/defs_GID/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema24,
                    data: data30,
                  };
                  (vErrors === null ? (vErrors = [err34]) : vErrors.push(err34), errors++);
                }
              }
            }
            if (data28.umask !== void 0) {
              let data31 = data28.umask;
              if (!(typeof data31 == 'number' && !(data31 % 1) && !isNaN(data31))) {
                let err35 = {
                  instancePath: instancePath + '/process/user/umask',
                  schemaPath: '#/definitions/defs_Umask/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                  message: 'must be integer',
                  schema: schema24.type,
                  parentSchema: schema24,
                  data: data31,
                };
                (vErrors === null ? (vErrors = [err35]) : vErrors.push(err35), errors++);
              }
              if (typeof data31 == 'number') {
                if (data31 > 4294967295 || isNaN(data31)) {
                  let err36 = {
                    instancePath: instancePath + '/process/user/umask',
                    schemaPath: '#/definitions/defs_Umask/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 4294967295 },
                    message: 'must be <= 4294967295',
                    schema: 4294967295,
                    parentSchema: schema24,
                    data: data31,
                  };
                  (vErrors === null ? (vErrors = [err36]) : vErrors.push(err36), errors++);
                }
                if (data31 < 0 || isNaN(data31)) {
                  let err37 = {
                    instancePath: instancePath + '/process/user/umask',
                    schemaPath: '#/definitions/defs_Umask/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: 0 },
                    message: 'must be >= 0',
                    schema: 0,
                    parentSchema: schema24,
                    data: data31,
                  };
                  (vErrors === null ? (vErrors = [err37]) : vErrors.push(err37), errors++);
                }
              }
            }
            if (
              (data28.additionalGids !== void 0 &&
                (validate25(data28.additionalGids, {
                  instancePath: instancePath + '/process/user/additionalGids',
                  parentData: data28,
                  parentDataProperty: 'additionalGids',
                  rootData,
                }) ||
                  ((vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors)),
                  (errors = vErrors.length))),
              data28.username !== void 0)
            ) {
              let data33 = data28.username;
              if (typeof data33 != 'string') {
                let err38 = {
                  instancePath: instancePath + '/process/user/username',
                  schemaPath: '#/properties/process/properties/user/properties/username/type',
                  keyword: 'type',
                  params: { type: 'string' },
                  message: 'must be string',
                  schema: schema11.properties.process.properties.user.properties.username.type,
                  parentSchema: schema11.properties.process.properties.user.properties.username,
                  data: data33,
                };
                (vErrors === null ? (vErrors = [err38]) : vErrors.push(err38), errors++);
              }
            }
          } else {
            let err39 = {
              instancePath: instancePath + '/process/user',
              schemaPath: '#/properties/process/properties/user/type',
              keyword: 'type',
              params: { type: 'object' },
              message: 'must be object',
              schema: schema11.properties.process.properties.user.type,
              parentSchema: schema11.properties.process.properties.user,
              data: data28,
            };
            (vErrors === null ? (vErrors = [err39]) : vErrors.push(err39), errors++);
          }
        }
        if (data17.capabilities !== void 0) {
          let data34 = data17.capabilities;
          if (data34 && typeof data34 == 'object' && !Array.isArray(data34)) {
            if (data34.bounding !== void 0) {
              let data35 = data34.bounding;
              if (Array.isArray(data35)) {
                let len3 = data35.length;
                for (let i3 = 0; i3 < len3; i3++) {
                  let data36 = data35[i3];
                  if (typeof data36 != 'string') {
                    let err40 = {
                      instancePath: instancePath + '/process/capabilities/bounding/' + i3,
                      schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
                      keyword: 'type',
                      params: { type: 'string' },
                      message: 'must be string',
                      schema: schema16.items.type,
                      parentSchema: schema16.items,
                      data: data36,
                    };
                    (vErrors === null ? (vErrors = [err40]) : vErrors.push(err40), errors++);
                  }
                }
              } else {
                let err41 = {
                  instancePath: instancePath + '/process/capabilities/bounding',
                  schemaPath: '#/definitions/defs_ArrayOfStrings/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema: schema16.type,
                  parentSchema: schema16,
                  data: data35,
                };
                (vErrors === null ? (vErrors = [err41]) : vErrors.push(err41), errors++);
              }
            }
            if (data34.permitted !== void 0) {
              let data37 = data34.permitted;
              if (Array.isArray(data37)) {
                let len4 = data37.length;
                for (let i4 = 0; i4 < len4; i4++) {
                  let data38 = data37[i4];
                  if (typeof data38 != 'string') {
                    let err42 = {
                      instancePath: instancePath + '/process/capabilities/permitted/' + i4,
                      schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
                      keyword: 'type',
                      params: { type: 'string' },
                      message: 'must be string',
                      schema: schema16.items.type,
                      parentSchema: schema16.items,
                      data: data38,
                    };
                    (vErrors === null ? (vErrors = [err42]) : vErrors.push(err42), errors++);
                  }
                }
              } else {
                let err43 = {
                  instancePath: instancePath + '/process/capabilities/permitted',
                  schemaPath: '#/definitions/defs_ArrayOfStrings/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema: schema16.type,
                  parentSchema: schema16,
                  data: data37,
                };
                (vErrors === null ? (vErrors = [err43]) : vErrors.push(err43), errors++);
              }
            }
            if (data34.effective !== void 0) {
              let data39 = data34.effective;
              if (Array.isArray(data39)) {
                let len5 = data39.length;
                for (let i5 = 0; i5 < len5; i5++) {
                  let data40 = data39[i5];
                  if (typeof data40 != 'string') {
                    let err44 = {
                      instancePath: instancePath + '/process/capabilities/effective/' + i5,
                      schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
                      keyword: 'type',
                      params: { type: 'string' },
                      message: 'must be string',
                      schema: schema16.items.type,
                      parentSchema: schema16.items,
                      data: data40,
                    };
                    (vErrors === null ? (vErrors = [err44]) : vErrors.push(err44), errors++);
                  }
                }
              } else {
                let err45 = {
                  instancePath: instancePath + '/process/capabilities/effective',
                  schemaPath: '#/definitions/defs_ArrayOfStrings/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema: schema16.type,
                  parentSchema: schema16,
                  data: data39,
                };
                (vErrors === null ? (vErrors = [err45]) : vErrors.push(err45), errors++);
              }
            }
            if (data34.inheritable !== void 0) {
              let data41 = data34.inheritable;
              if (Array.isArray(data41)) {
                let len6 = data41.length;
                for (let i6 = 0; i6 < len6; i6++) {
                  let data42 = data41[i6];
                  if (typeof data42 != 'string') {
                    let err46 = {
                      instancePath: instancePath + '/process/capabilities/inheritable/' + i6,
                      schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
                      keyword: 'type',
                      params: { type: 'string' },
                      message: 'must be string',
                      schema: schema16.items.type,
                      parentSchema: schema16.items,
                      data: data42,
                    };
                    (vErrors === null ? (vErrors = [err46]) : vErrors.push(err46), errors++);
                  }
                }
              } else {
                let err47 = {
                  instancePath: instancePath + '/process/capabilities/inheritable',
                  schemaPath: '#/definitions/defs_ArrayOfStrings/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema: schema16.type,
                  parentSchema: schema16,
                  data: data41,
                };
                (vErrors === null ? (vErrors = [err47]) : vErrors.push(err47), errors++);
              }
            }
            if (data34.ambient !== void 0) {
              let data43 = data34.ambient;
              if (Array.isArray(data43)) {
                let len7 = data43.length;
                for (let i7 = 0; i7 < len7; i7++) {
                  let data44 = data43[i7];
                  if (typeof data44 != 'string') {
                    let err48 = {
                      instancePath: instancePath + '/process/capabilities/ambient/' + i7,
                      schemaPath: '#/definitions/defs_ArrayOfStrings/items/type',
                      keyword: 'type',
                      params: { type: 'string' },
                      message: 'must be string',
                      schema: schema16.items.type,
                      parentSchema: schema16.items,
                      data: data44,
                    };
                    (vErrors === null ? (vErrors = [err48]) : vErrors.push(err48), errors++);
                  }
                }
              } else {
                let err49 = {
                  instancePath: instancePath + '/process/capabilities/ambient',
                  schemaPath: '#/definitions/defs_ArrayOfStrings/type',
                  keyword: 'type',
                  params: { type: 'array' },
                  message: 'must be array',
                  schema: schema16.type,
                  parentSchema: schema16,
                  data: data43,
                };
                (vErrors === null ? (vErrors = [err49]) : vErrors.push(err49), errors++);
              }
            }
          } else {
            let err50 = {
              instancePath: instancePath + '/process/capabilities',
              schemaPath: '#/properties/process/properties/capabilities/type',
              keyword: 'type',
              params: { type: 'object' },
              message: 'must be object',
              schema: schema11.properties.process.properties.capabilities.type,
              parentSchema: schema11.properties.process.properties.capabilities,
              data: data34,
            };
            (vErrors === null ? (vErrors = [err50]) : vErrors.push(err50), errors++);
          }
        }
        if (data17.apparmorProfile !== void 0) {
          let data45 = data17.apparmorProfile;
          if (typeof data45 != 'string') {
            let err51 = {
              instancePath: instancePath + '/process/apparmorProfile',
              schemaPath: '#/properties/process/properties/apparmorProfile/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema11.properties.process.properties.apparmorProfile.type,
              parentSchema: schema11.properties.process.properties.apparmorProfile,
              data: data45,
            };
            (vErrors === null ? (vErrors = [err51]) : vErrors.push(err51), errors++);
          }
        }
        if (data17.oomScoreAdj !== void 0) {
          let data46 = data17.oomScoreAdj;
          if (!(typeof data46 == 'number' && !(data46 % 1) && !isNaN(data46))) {
            let err52 = {
              instancePath: instancePath + '/process/oomScoreAdj',
              schemaPath: '#/properties/process/properties/oomScoreAdj/type',
              keyword: 'type',
              params: { type: 'integer' },
              message: 'must be integer',
              schema: schema11.properties.process.properties.oomScoreAdj.type,
              parentSchema: schema11.properties.process.properties.oomScoreAdj,
              data: data46,
            };
            (vErrors === null ? (vErrors = [err52]) : vErrors.push(err52), errors++);
          }
        }
        if (data17.selinuxLabel !== void 0) {
          let data47 = data17.selinuxLabel;
          if (typeof data47 != 'string') {
            let err53 = {
              instancePath: instancePath + '/process/selinuxLabel',
              schemaPath: '#/properties/process/properties/selinuxLabel/type',
              keyword: 'type',
              params: { type: 'string' },
              message: 'must be string',
              schema: schema11.properties.process.properties.selinuxLabel.type,
              parentSchema: schema11.properties.process.properties.selinuxLabel,
              data: data47,
            };
            (vErrors === null ? (vErrors = [err53]) : vErrors.push(err53), errors++);
          }
        }
        if (data17.noNewPrivileges !== void 0) {
          let data48 = data17.noNewPrivileges;
          if (typeof data48 != 'boolean') {
            let err54 = {
              instancePath: instancePath + '/process/noNewPrivileges',
              schemaPath: '#/properties/process/properties/noNewPrivileges/type',
              keyword: 'type',
              params: { type: 'boolean' },
              message: 'must be boolean',
              schema: schema11.properties.process.properties.noNewPrivileges.type,
              parentSchema: schema11.properties.process.properties.noNewPrivileges,
              data: data48,
            };
            (vErrors === null ? (vErrors = [err54]) : vErrors.push(err54), errors++);
          }
        }
        if (data17.rlimits !== void 0) {
          let data49 = data17.rlimits;
          if (Array.isArray(data49)) {
            let len8 = data49.length;
            for (let i8 = 0; i8 < len8; i8++) {
              let data50 = data49[i8];
              if (data50 && typeof data50 == 'object' && !Array.isArray(data50)) {
                if (data50.type === void 0) {
                  let err55 = {
                    instancePath: instancePath + '/process/rlimits/' + i8,
                    schemaPath: '#/properties/process/properties/rlimits/items/required',
                    keyword: 'required',
                    params: { missingProperty: 'type' },
                    message: "must have required property 'type'",
                    schema: schema11.properties.process.properties.rlimits.items.required,
                    parentSchema: schema11.properties.process.properties.rlimits.items,
                    data: data50,
                  };
                  (vErrors === null ? (vErrors = [err55]) : vErrors.push(err55), errors++);
                }
                if (data50.soft === void 0) {
                  let err56 = {
                    instancePath: instancePath + '/process/rlimits/' + i8,
                    schemaPath: '#/properties/process/properties/rlimits/items/required',
                    keyword: 'required',
                    params: { missingProperty: 'soft' },
                    message: "must have required property 'soft'",
                    schema: schema11.properties.process.properties.rlimits.items.required,
                    parentSchema: schema11.properties.process.properties.rlimits.items,
                    data: data50,
                  };
                  (vErrors === null ? (vErrors = [err56]) : vErrors.push(err56), errors++);
                }
                if (data50.hard === void 0) {
                  let err57 = {
                    instancePath: instancePath + '/process/rlimits/' + i8,
                    schemaPath: '#/properties/process/properties/rlimits/items/required',
                    keyword: 'required',
                    params: { missingProperty: 'hard' },
                    message: "must have required property 'hard'",
                    schema: schema11.properties.process.properties.rlimits.items.required,
                    parentSchema: schema11.properties.process.properties.rlimits.items,
                    data: data50,
                  };
                  (vErrors === null ? (vErrors = [err57]) : vErrors.push(err57), errors++);
                }
                if (data50.hard !== void 0) {
                  let data51 = data50.hard;
                  if (!(typeof data51 == 'number' && !(data51 % 1) && !isNaN(data51))) {
                    let err58 = {
                      instancePath: instancePath + '/process/rlimits/' + i8 + '/hard',
                      schemaPath: '#/definitions/defs_uint64/type',
                      keyword: 'type',
                      params: { type: 'integer' },
                      message: 'must be integer',
                      schema: schema29.type,
                      parentSchema: schema29,
                      data: data51,
                    };
                    (vErrors === null ? (vErrors = [err58]) : vErrors.push(err58), errors++);
                  }
                  if (typeof data51 == 'number') {
                    if (data51 > 18446744073709552e3 || isNaN(data51)) {
                      let err59 = {
                        instancePath: instancePath + '/process/rlimits/' + i8 + '/hard',
                        schemaPath: '#/definitions/defs_uint64/maximum',
                        keyword: 'maximum',
                        params: { comparison: '<=', limit: 18446744073709552e3 },
                        message: 'must be <= 18446744073709552000',
                        schema: 18446744073709552e3,
                        parentSchema: schema29,
                        data: data51,
                      };
                      (vErrors === null ? (vErrors = [err59]) : vErrors.push(err59), errors++);
                    }
                    if (data51 < 0 || isNaN(data51)) {
                      let err60 = {
                        instancePath: instancePath + '/process/rlimits/' + i8 + '/hard',
                        schemaPath: '#/definitions/defs_uint64/minimum',
                        keyword: 'minimum',
                        params: { comparison: '>=', limit: 0 },
                        message: 'must be >= 0',
                        schema: 0,
                        parentSchema: schema29,
                        data: data51,
                      };
                      (vErrors === null ? (vErrors = [err60]) : vErrors.push(err60), errors++);
                    }
                  }
                }
                if (data50.soft !== void 0) {
                  let data52 = data50.soft;
                  if (!(typeof data52 == 'number' && !(data52 % 1) && !isNaN(data52))) {
                    let err61 = {
                      instancePath: instancePath + '/process/rlimits/' + i8 + '/soft',
                      schemaPath: '#/definitions/defs_uint64/type',
                      keyword: 'type',
                      params: { type: 'integer' },
                      message: 'must be integer',
                      schema: schema29.type,
                      parentSchema: schema29,
                      data: data52,
                    };
                    (vErrors === null ? (vErrors = [err61]) : vErrors.push(err61), errors++);
                  }
                  if (typeof data52 == 'number') {
                    if (data52 > 18446744073709552e3 || isNaN(data52)) {
                      let err62 = {
                        instancePath: instancePath + '/process/rlimits/' + i8 + '/soft',
                        schemaPath: '#/definitions/defs_uint64/maximum',
                        keyword: 'maximum',
                        params: { comparison: '<=', limit: 18446744073709552e3 },
                        message: 'must be <= 18446744073709552000',
                        schema: 18446744073709552e3,
                        parentSchema: schema29,
                        data: data52,
                      };
                      (vErrors === null ? (vErrors = [err62]) : vErrors.push(err62), errors++);
                    }
                    if (data52 < 0 || isNaN(data52)) {
                      let err63 = {
                        instancePath: instancePath + '/process/rlimits/' + i8 + '/soft',
                        schemaPath: '#/definitions/defs_uint64/minimum',
                        keyword: 'minimum',
                        params: { comparison: '>=', limit: 0 },
                        message: 'must be >= 0',
                        schema: 0,
                        parentSchema: schema29,
                        data: data52,
                      };
                      (vErrors === null ? (vErrors = [err63]) : vErrors.push(err63), errors++);
                    }
                  }
                }
                if (data50.type !== void 0) {
                  let data53 = data50.type;
                  if (typeof data53 == 'string') {
                    if (!pattern1.test(data53)) {
                      let err64 = {
                        instancePath: instancePath + '/process/rlimits/' + i8 + '/type',
                        schemaPath: '#/properties/process/properties/rlimits/items/properties/type/pattern',
                        keyword: 'pattern',
                        params: { pattern: '^RLIMIT_[A-Z]+$' },
                        message: 'must match pattern "^RLIMIT_[A-Z]+$"',
                        schema: '^RLIMIT_[A-Z]+$',
                        parentSchema: schema11.properties.process.properties.rlimits.items.properties.type,
                        data: data53,
                      };
                      (vErrors === null ? (vErrors = [err64]) : vErrors.push(err64), errors++);
                    }
                  } else {
                    let err65 = {
                      instancePath: instancePath + '/process/rlimits/' + i8 + '/type',
                      schemaPath: '#/properties/process/properties/rlimits/items/properties/type/type',
                      keyword: 'type',
                      params: { type: 'string' },
                      message: 'must be string',
                      schema: schema11.properties.process.properties.rlimits.items.properties.type.type,
                      parentSchema: schema11.properties.process.properties.rlimits.items.properties.type,
                      data: data53,
                    };
                    (vErrors === null ? (vErrors = [err65]) : vErrors.push(err65), errors++);
                  }
                }
              } else {
                let err66 = {
                  instancePath: instancePath + '/process/rlimits/' + i8,
                  schemaPath: '#/properties/process/properties/rlimits/items/type',
                  keyword: 'type',
                  params: { type: 'object' },
                  message: 'must be object',
                  schema: schema11.properties.process.properties.rlimits.items.type,
                  parentSchema: schema11.properties.process.properties.rlimits.items,
                  data: data50,
                };
                (vErrors === null ? (vErrors = [err66]) : vErrors.push(err66), errors++);
              }
            }
          } else {
            let err67 = {
              instancePath: instancePath + '/process/rlimits',
              schemaPath: '#/properties/process/properties/rlimits/type',
              keyword: 'type',
              params: { type: 'array' },
              message: 'must be array',
              schema: schema11.properties.process.properties.rlimits.type,
              parentSchema: schema11.properties.process.properties.rlimits,
              data: data49,
            };
            (vErrors === null ? (vErrors = [err67]) : vErrors.push(err67), errors++);
          }
        }
      } else {
        let err68 = {
          instancePath: instancePath + '/process',
          schemaPath: '#/properties/process/type',
          keyword: 'type',
          params: { type: 'object' },
          message: 'must be object',
          schema: schema11.properties.process.type,
          parentSchema: schema11.properties.process,
          data: data17,
        };
        (vErrors === null ? (vErrors = [err68]) : vErrors.push(err68), errors++);
      }
    }
    data.linux !== void 0 &&
      (validate27(data.linux, {
        instancePath: instancePath + '/linux',
        parentData: data,
        parentDataProperty: 'linux',
        rootData,
      }) ||
        ((vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors)),
        (errors = vErrors.length)));
  } else {
    let err69 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
      schema: schema11.type,
      parentSchema: schema11,
      data,
    };
    (vErrors === null ? (vErrors = [err69]) : vErrors.push(err69), errors++);
  }
  return ((validate10.errors = vErrors), errors === 0);
}
export { stdin_default as default, validate };
